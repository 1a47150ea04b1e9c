/**
 * PyTorch's shape of a weight of ours: a kernel HWIO is stored as OIHW, of a fully connected layer also as [O, I]; a vector is stored as
 * it is, or with axes of size 1 around it.
 */
export function torchShape(shape: readonly number[]): readonly number[] {
  const [height, width, inputs, outputs] = shape;
  if (shape.length !== 4 || height === undefined || width === undefined) return shape;
  return [outputs ?? 0, inputs ?? 0, height, width];
}

/** Whether a tensor of PyTorch's is stored as a weight of ours is. */
export function fits(stored: readonly number[], shape: readonly number[]): boolean {
  if (shape.length !== 4) return isSame(stored.filter(isWide), shape.filter(isWide));
  const expected = torchShape(shape);
  const [height, width] = shape;
  const isFlat = height === 1 && width === 1 && stored.length === 2;
  return isSame(stored, isFlat ? expected.slice(0, 2) : expected);
}

/**
 * The numbers of a weight in our layout.
 * @param source which of PyTorch's outputs each of ours is; without it they are in the same order
 */
export function fromTorchLayout(
  data: Float32Array,
  shape: readonly number[],
  source: (output: number) => number = (output) => output,
): Float32Array {
  if (shape.length !== 4) return data.map((_, output) => data[source(output)] ?? 0);
  const [height = 1, width = 1, inputs = 1, outputs = 1] = shape;
  const positions = height * width;
  const result = new Float32Array(data.length);
  let to = 0;
  for (let position = 0; position < positions; position++)
    for (let input = 0; input < inputs; input++)
      for (let output = 0; output < outputs; output++)
        result[to++] = data[(source(output) * inputs + input) * positions + position] ?? 0;
  return result;
}

function isWide(size: number): boolean {
  return size !== 1;
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
