import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../runtime/backends/index.ts";
import { dilateKernel } from "../../../runtime/primitives/dilate-kernel.ts";
import { tf } from "../../../runtime/tensors.ts";
import {
  compareWithReference,
  toTensor,
  type TwofoldFunction,
} from "../../support/compare-with-reference.ts";
import { expectClose } from "../../support/expect-close.ts";
import { buildDense, type Dense, randomDense } from "../../support/dense.ts";

/** wasm can be read without waiting. */
const readNumbers = (tensor: tf.Tensor) => ({ shape: tensor.shape, data: tensor.dataSync() });

/** A' B in float64. */
function multiplyTransposed(a: Dense, b: Dense): Dense {
  const [rows = 0, inputs = 0] = a.shape;
  const outputs = b.shape[1]!;
  return buildDense([inputs, outputs], (index, o) => {
    const i = Math.floor(index / outputs);
    let sum = 0;
    for (let n = 0; n < rows; n++) sum += a.data[n * inputs + i]! * b.data[n * outputs + o]!;
    return sum;
  });
}

describe("our kernels for wasm", () => {
  beforeAll(async () => void (await openBackend("wasm", { threads: 2 })));

  it.each([
    [64, 4, 8],
    [96, 12, 16],
    [130, 8, 8],
    [127, 8, 8],
    [32, 3, 5],
  ])("a transposed product over %d rows, %d x %d", (rows, inputs, outputs) => {
    const [a, b] = [randomDense([rows, inputs], 1), randomDense([rows, outputs], 2)];
    tf.tidy(() => {
      const product = tf.matMul(toTensor(a), toTensor(b), true, false);
      expectClose(readNumbers(product), multiplyTransposed(a, b), 1e-6, "product");
    });
  });

  // TensorFlow.js itself never asks for these: it refuses to differentiate a dilated convolution.
  it.each([
    ["Conv2DBackpropInput", "Conv2DBackpropFilter", [3, 3, 4, 8]],
    ["Conv2DBackpropInput", "Conv2DBackpropFilter", [2, 3, 4, 8]],
    ["DepthwiseConv2dNativeBackpropInput", "DepthwiseConv2dNativeBackpropFilter", [3, 3, 4, 2]],
  ] as const)("%s and %s of a kernel %j with dilation 2", (ofInput, ofFilter, shape) => {
    const isDense = ofInput === "Conv2DBackpropInput";
    tf.tidy(() => {
      const x = toTensor(randomDense([2, 9, 8, 4], 1)) as tf.Tensor4D;
      const kernel = toTensor(randomDense([...shape], 2)) as tf.Tensor4D;
      const forward = (a: tf.Tensor, k: tf.Tensor) => {
        const spread = dilateKernel(k, 2, 2) as tf.Tensor4D;
        const convolve = isDense ? tf.conv2d : tf.depthwiseConv2d;
        return convolve(a as tf.Tensor4D, spread, 1, "valid");
      };
      const dy = toTensor(randomDense(forward(x, kernel).shape, 3));
      const expected = tf.grads(forward)([x, kernel], dy);
      const attributes = {
        strides: [1, 1],
        dilations: [2, 2],
        pad: "valid",
        dataFormat: "NHWC",
        inputShape: x.shape,
        filterShape: kernel.shape,
      };
      const found = [
        tf.engine().runKernel(ofInput, { dy, filter: kernel }, attributes),
        tf.engine().runKernel(ofFilter, { x, dy }, attributes),
      ] as tf.Tensor[];
      found.forEach((gradient, index) => {
        const { shape: size, data } = readNumbers(expected[index]!);
        expectClose(
          readNumbers(gradient),
          { shape: size, data: Float64Array.from(data) },
          1e-5,
          "gradient",
        );
      });
    });
  });

  it("filter gradients have the same bits on one thread and on two", async () => {
    const bits: Float32Array[] = [];
    for (const threads of [1, 2]) {
      await openBackend("wasm", { threads });
      const gradient = tf.tidy(() => {
        const x = toTensor(randomDense([3, 9, 9, 12], 1)) as tf.Tensor4D;
        const kernel = toTensor(randomDense([3, 3, 12, 8], 2)) as tf.Tensor4D;
        return tf
          .grad((k) => tf.conv2d(x, k as tf.Tensor4D, 2, "same"))(kernel)
          .dataSync();
      });
      bits.push(Float32Array.from(gradient));
    }
    expect(bits[0]).toEqual(bits[1]);
  });

  it.each([
    [[4, 3, 2], 0],
    [
      [4, 3, 2],
      [0, 1],
    ],
    [
      [4, 3, 2],
      [1, 2],
    ],
    [[4, 3, 2], 2],
    [[4096, 3], 0],
    [
      [16, 32, 20],
      [0, 1],
    ],
    [[2063, 5], 0],
    [[3], 0],
  ])("sums %j over %j", (shape, axis) => {
    tf.tidy(() => {
      const x = randomDense(shape, 1);
      for (const keepDims of [false, true]) {
        const sum = tf.sum(toTensor(x), axis, keepDims);
        const expected = sumOver(x, [axis].flat(), keepDims);
        expectClose(readNumbers(sum), expected, 1e-5, "sum");
      }
    });
  });

  it.each([
    [
      [4, 3, 2, 5],
      [1, 0, 0, 0],
      [2, 3, 2, 5],
    ],
    [
      [4, 3, 2, 5],
      [1, 1, 1, 0],
      [2, 2, 1, 5],
    ],
    [
      [4, 3, 2, 5],
      [0, 1, 0, 2],
      [4, 1, 2, 3],
    ],
    [
      [6, 5],
      [2, 0],
      [3, 5],
    ],
    [
      [6, 5],
      [2, 1],
      [3, 2],
    ],
    [[7], [2], [4]],
    [
      [3, 4],
      [0, 0],
      [0, 4],
    ],
  ])("slices %j from %j by %j as cpu does", async (shape, begin, size) => {
    const values: number[][] = [];
    for (const backend of ["wasm", "cpu"] as const) {
      await openBackend(backend);
      const slice = tf.tidy(() =>
        tf.slice(toTensor(randomDense(shape, 1)), begin, size).dataSync(),
      );
      values.push([...slice]);
    }
    await openBackend("wasm");
    expect(values[0]).toEqual(values[1]);
  });

  it("shares a clone's data until both are gone", () => {
    const before = tf.memory();
    const x = tf.tensor1d([1, 2, 3]);
    const y = tf.clone(x);
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers + 1);
    x.dispose();
    expect([...y.dataSync()]).toEqual([1, 2, 3]);
    y.dispose();
    expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  });

  it("takes a reshaped bias in a fused convolution", () => {
    const sum = tf.tidy(() => {
      const bias = tf.reshape(tf.tensor2d([[1, 2]]), [2]) as tf.Tensor1D;
      const options = { strides: 1, pad: "valid", bias } as const;
      const x = tf.ones([1, 1, 1, 2]) as tf.Tensor4D;
      const dense = tf.fused.conv2d({ x, filter: tf.ones([1, 1, 2, 2]), ...options });
      const wide = tf.fused.depthwiseConv2d({ x, filter: tf.ones([1, 1, 2, 1]), ...options });
      return [...dense.dataSync(), ...wide.dataSync()];
    });
    expect(sum).toEqual([3, 4, 2, 3]);
  });

  it("differentiates a gather", () => {
    tf.tidy(() => {
      const ids = tf.tensor1d([2, 0, 2, 1], "int32");
      const gradient = tf.grad((x) => tf.sum(tf.mul(tf.gather(x, ids), [[1], [2], [3], [4]])));
      expect([...gradient(tf.ones([4, 2])).dataSync()]).toEqual([2, 2, 4, 4, 4, 4, 0, 0]);
    });
  });

  it("differentiates a dense layer whose sizes fill tiles", async () => {
    const denseLayer = {
      inputs: [randomDense([16, 8], 1), randomDense([8, 8], 2)],
      primitive: (a, b) => tf.matMul(a, b),
      reference: (a, b) =>
        buildDense([16, 8], (index, o) => {
          const row = Math.floor(index / 8);
          let sum = 0;
          for (let i = 0; i < 8; i++) sum += a.data[row * 8 + i]! * b.data[i * 8 + o]!;
          return sum;
        }),
    } satisfies TwofoldFunction;
    await compareWithReference(denseLayer, 2e-5);
  });
});

function sumOver(x: Dense, axes: readonly number[], keepDims: boolean): Dense {
  const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const [from, to] = [
    tf.util.computeStrides([...x.shape, 1]),
    tf.util.computeStrides([...kept, 1]),
  ];
  const data = new Float64Array(kept.reduce((a, b) => a * b, 1));
  for (const [index, value] of x.data.entries()) {
    const place = x.shape.map((n, axis) => Math.floor(index / from[axis]!) % n);
    data[place.reduce((at, p, axis) => at + (axes.includes(axis) ? 0 : p * to[axis]!), 0)]! +=
      value;
  }
  const shape = keepDims ? kept : x.shape.filter((_, axis) => !axes.includes(axis));
  return { shape, data };
}
