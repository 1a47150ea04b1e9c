import { buildDense, type Dense } from "../../support/dense.ts";

/** HWIO kernels over float64 arrays, by definition: sums over indices, nothing clever. */
type At = (h: number, w: number, i: number, o: number) => number;

/** Reads a kernel; zero outside it. */
export function reader({ shape, data }: Dense): At {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = shape;
  return (h, w, i, o) =>
    h < 0 || w < 0 || h >= height || w >= width
      ? 0
      : data[((h * width + w) * inputs + i) * outputs + o]!;
}

export function buildKernel(shape: readonly number[], at: At): Dense {
  const [, width = 0, inputs = 0, outputs = 0] = shape;
  return buildDense(shape, (index, o) => {
    const i = Math.floor(index / outputs) % inputs;
    const w = Math.floor(index / (outputs * inputs)) % width;
    return at(Math.floor(index / (outputs * inputs * width)), w, i, o);
  });
}

/** First input channel of the group that output o is in. */
export function firstInput([, , inputs = 0, outputs = 0]: readonly number[], groups: number) {
  return (o: number) => Math.floor(o / (outputs / groups)) * inputs;
}

export function referenceScaleIn(kernel: Dense, v: Dense, groups: number): Dense {
  const [at, first] = [reader(kernel), firstInput(kernel.shape, groups)];
  return buildKernel(kernel.shape, (h, w, i, o) => at(h, w, i, o) * v.data[first(o) + i]!);
}

export function referenceRegroup(kernel: Dense, from: number, to: number): Dense {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = kernel.shape;
  const at = reader(kernel);
  const shape = [height, width, (inputs * from) / to, outputs];
  const [before, after] = [firstInput(kernel.shape, from), firstInput(shape, to)];
  return buildKernel(shape, (h, w, i, o) => {
    const own = after(o) + i - before(o);
    return own < 0 || own >= inputs ? 0 : at(h, w, own, o);
  });
}

export function referenceCompose(first: Dense, second: Dense, groups: number): Dense {
  const [h1 = 0, w1 = 0, inputs = 0] = first.shape;
  const [h2 = 0, w2 = 0, middle = 0, outputs = 0] = second.shape;
  const [a, b, begin] = [reader(first), reader(second), firstInput(second.shape, groups)];
  return buildKernel([h1 + h2 - 1, w1 + w2 - 1, inputs, outputs], (h, w, i, o) => {
    let sum = 0;
    for (let p = 0; p < h2; p++)
      for (let q = 0; q < w2; q++)
        for (let m = 0; m < middle; m++) sum += b(p, q, m, o) * a(h - p, w - q, i, begin(o) + m);
    return sum;
  });
}

export function referenceCarry(v: Dense, kernel: Dense, groups: number): Dense {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = kernel.shape;
  const at = reader(referenceScaleIn(kernel, v, groups));
  return buildDense([outputs], (o) => {
    let sum = 0;
    for (let h = 0; h < height; h++)
      for (let w = 0; w < width; w++) for (let i = 0; i < inputs; i++) sum += at(h, w, i, o);
    return sum;
  });
}
