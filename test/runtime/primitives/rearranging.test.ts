import { expect, it } from "vitest";
import { describeBackends } from "../../support/backends.ts";
import { depthToSpace } from "../../../runtime/primitives/depth-to-space.ts";
import { globalAverage } from "../../../runtime/primitives/global-average.ts";
import { joinChannels } from "../../../runtime/primitives/join-channels.ts";
import { sliceChannels } from "../../../runtime/primitives/slice-channels.ts";
import { tileChannels } from "../../../runtime/primitives/tile-channels.ts";
import { tf } from "../../../runtime/tensors.ts";
import { compareWithReference } from "../../support/compare-with-reference.ts";
import { numbersOfAll } from "../../support/compute.ts";
import { buildDense, type Dense, joinDense, randomDense } from "../../support/dense.ts";

describeBackends("rearranging primitives", () => {
  it("globalAverage", async () => {
    await compareWithReference({
      inputs: [randomDense([3, 4, 5, 2], 1)],
      primitive: (x) => globalAverage(x),
      reference: averageMaps,
    });
  });

  it.each([[[2, 2, 3, 4]], [[2, 4]]])("tileChannels of shape %j", async (shape) => {
    await compareWithReference({
      inputs: [randomDense(shape, 1)],
      primitive: (x) => tileChannels(x, 3),
      reference: (x) =>
        buildDense(
          [...shape.slice(0, -1), 12],
          (i, c) => x.data[Math.floor(i / 12) * 4 + (c % 4)]!,
        ),
    });
  });

  it.each([[[2, 2, 3, 5]], [[2, 5]]])("sliceChannels of shape %j", async (shape) => {
    await compareWithReference({
      inputs: [randomDense(shape, 1)],
      primitive: (x) => sliceChannels(x, 1, 3),
      reference: (x) =>
        buildDense([...shape.slice(0, -1), 3], (i, c) => x.data[Math.floor(i / 3) * 5 + 1 + c]!),
    });
  });

  it.each([[[2, 2, 3]], [[2]], [[]]])("joinChannels of leading sizes %j", async (leading) => {
    await compareWithReference({
      inputs: [2, 1, 3].map((count, n) => randomDense([...leading, count], n + 1)),
      primitive: (...parts) => joinChannels(...parts),
      reference: (...parts) => joinDense(parts),
    });
  });

  it.each([
    [2, 1],
    [2, 3],
    [3, 2],
  ])("depthToSpace with blocks of %d and %d channels", async (s, channels) => {
    await compareWithReference({
      inputs: [randomDense([2, 3, 4, s * s * channels], 1)],
      primitive: (x) => depthToSpace(x, s),
      reference: (x) => moveDepthToSpace(x, s, channels),
    });
  });

  it("depthToSpace is TensorFlow's", async () => {
    const [ours, theirs] = await numbersOfAll(() => {
      const x = tf.range(0, 2 * 3 * 3 * 8).reshape([2, 3, 3, 8]) as tf.Tensor4D;
      return [depthToSpace(x, 2), tf.depthToSpace(x, 2)];
    });
    expect(ours).toEqual(theirs);
  });
});

function averageMaps(x: Dense): Dense {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  return buildDense([batch, channels], (index, c) => {
    const b = Math.floor(index / channels);
    let sum = 0;
    for (let p = 0; p < height * width; p++)
      sum += x.data[(b * height * width + p) * channels + c]!;
    return sum / (height * width);
  });
}

/** Output pixel (h s + i, w s + j), channel c is input pixel (h, w), channel (i s + j) C + c. */
function moveDepthToSpace(x: Dense, s: number, channels: number): Dense {
  const [batch = 0, height = 0, width = 0, depth = 0] = x.shape;
  return buildDense([batch, height * s, width * s, channels], (index, c) => {
    const column = Math.floor(index / channels) % (width * s);
    const row = Math.floor(index / (channels * width * s)) % (height * s);
    const b = Math.floor(index / (channels * width * s * height * s));
    const pixel = (b * height + Math.floor(row / s)) * width + Math.floor(column / s);
    return x.data[pixel * depth + ((row % s) * s + (column % s)) * channels + c]!;
  });
}
