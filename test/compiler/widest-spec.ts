/** A spec that uses as much of the language as one file can; it is sound. */
export const widest = `
kernel Blur = [[1, 2, 1], [2, 4, 2], [1, 2, 1]]

block Inner(width: int = 2) => conv(3x3) {
  branch only = conv(1x1, out: in * width) -> bn -> conv(3x3)
  then bn
}

block Mine(
  stride: 1 | 2 = 1,
  copies: 1..4 = 2,
  k: odd = 3,
  act: activation = relu,
  wide: bool = false,
  window: size = 3x3,
) => conv(k, stride: stride, bias: true) {
  require k >= 3 and out % 2 == 0, "at least three taps"
  branch dense[copies] = conv(k by k) -> bn
  branch deep          = conv(1x1, residual: true) -> (bn - scale(init: 0.5)) -> conv(window)
  branch mean          = conv(1x1) -> avg(window) -> affine
  branch edge          = conv(1x1) -> filter(Blur)                when not wide
  branch apart         = depthwise(3x3, multiplier: 2) -> conv(1x1, groups: 1)
  branch whole         = Inner(width: max(1, int(3 / 2)))
  branch skip          = identity -> bn                            when in == out and stride == 1
  then bn -> act
}

model Net(classes: int = 10) {
  require classes > 1
  input image: image[_, 8, 4]
  stem = image -> Mine(8, stride: 2) -> Mine(8) * 2
  side = image -> Mine(8, stride: 2, act: prelu(init: 0.1), wide: true)
  both = stem + side -> conv(3x3) -> bn -> tile(4) -> depth_to_space(2)
  output (both -> Mine(8, k: 5, act: none)) + both -> global_avg -> dense(classes)
}

quant Low(bits: 2..8 = 4) {
  weights:     lsq(bits: bits, per: channel)
  activations: lsq(bits: bits)
  on:          merged
  bn:          batch
  at first, last(2) { weights: lsq(bits: 8, per: tensor) }
  at stem.1, **.0 { bn: sampled(images: 4) }
  at output.* { activations: lsq(bits: 8, signed: true) }
}

recipe Short(epochs: int = 2) {
  epochs:   epochs
  batch:    4
  rate:     0.1
  schedule: warmup(epochs: 0.5) -> cosine
  keep:     best
}
`;
