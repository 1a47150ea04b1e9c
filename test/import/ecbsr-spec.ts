/** ECBSR-M4C16 of colour images, as the released weights in `../shared/data/ecbsr` are: RGB from 0 to 1 in and out. */
export const ecbsrText = `import { ECB } from "repq:blocks/ecb"

model ECBSR_M4C16(scale: 2 | 4 = 2, colours: 1 | 3 = 3) {
  input image: image[_, _, colours]

  body = image -> ECB(16) -> ECB(16) * 4 -> ECB(colours * scale * scale, act: none)
  base = image -> tile(scale * scale)

  output body + base -> depth_to_space(scale)
}

quant Merged {
  weights:     lsq(bits: 8, per: channel)
  activations: lsq(bits: 8, per: tensor)
  on:          after_merge
}
`;
