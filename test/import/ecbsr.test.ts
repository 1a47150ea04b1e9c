/** The merged ECBSR weights that the authors of ETDS released: read, named, unmerged, and run. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../runtime/backends/index.ts";
import { importWeights, readCheckpoint } from "../../runtime/import/index.ts";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { mergeWeights, type HostWeights } from "../../runtime/weights.ts";
import { distance, magnitude } from "../support/largest-difference.ts";
import { runGraph, runTrainGraph } from "../support/run-program.ts";
import { compileModel } from "./compile-model.ts";
import { ecbsrText } from "./ecbsr-spec.ts";
import { tensor } from "./fake-checkpoint.ts";
import { libraryNames } from "./library-names.ts";

const folder = fileURLToPath(new URL("../../../shared/data/ecbsr/", import.meta.url));
const isThere = existsSync(folder);
if (!isThere) console.warn(`Tests of released weights are skipped: there is no ${folder}`);

const read = (scale: number) => {
  const file = `ECBSR_M4C16_x${scale}.pth`;
  return readCheckpoint(new Uint8Array(readFileSync(folder + file)), file);
};

async function imported(scale: number, options: { policy?: string; seed?: number }) {
  const { policy, seed } = options;
  const compiled = compileModel("ecbsr.repq", `ECBSR_M4C16(scale: ${scale})`, {
    text: ecbsrText,
    shape: [9, 8, 3],
    ...(policy !== undefined && { policy }),
  });
  const checkpoint = await read(scale);
  const request = { ...compiled, checkpoint, file: "a.pth", tables: libraryNames("models/ecbsr") };
  const unmerge = seed === undefined ? {} : { unmerge: { seed } };
  return { ...compiled, checkpoint, ...(await importWeights({ ...request, ...unmerge })) };
}

/**
 * The network as PyTorch would run it, in loops over NCHW: convolutions with zero padding, PReLU, the image repeated for every
 * pixel, PixelShuffle. It shares nothing with the product.
 */
async function runAsPublished(
  checkpoint: Awaited<ReturnType<typeof read>>,
  { shape, data }: HostTensor,
  scale: number,
): Promise<Float64Array> {
  const [, height = 0, width = 0, colours = 0] = shape;
  const at = (channel: number, row: number, column: number) =>
    (channel * height + row) * width + column;
  const image = new Float64Array(data.length);
  data.forEach((number, index) => {
    image[at(index % colours, 0, Math.floor(index / colours))] = number;
  });
  const numbers = (name: string) => checkpoint.tensors.get(name)?.read();
  let x = image;
  for (let layer = 0; layer < 6; layer++) {
    const kernel = (await numbers(`backbone.${layer}.0.weight`))!;
    const bias = (await numbers(`backbone.${layer}.0.bias`))!;
    const alpha = await numbers(`backbone.${layer}.1.weight`);
    const [outputs, inputs] = [bias.length, kernel.length / bias.length / 9];
    const y = new Float64Array(outputs * height * width);
    for (let output = 0; output < outputs; output++)
      for (let row = 0; row < height; row++)
        for (let column = 0; column < width; column++) {
          let sum = bias[output]!;
          for (let input = 0; input < inputs; input++)
            for (let tap = 0; tap < 9; tap++) {
              const [r, c] = [row + Math.floor(tap / 3) - 1, column + (tap % 3) - 1];
              if (r < 0 || c < 0 || r >= height || c >= width) continue;
              sum += kernel[(output * inputs + input) * 9 + tap]! * x[at(input, r, c)]!;
            }
          y[at(output, row, column)] = alpha && sum < 0 ? alpha[output]! * sum : sum;
        }
    x = y;
  }
  const pixels = scale * scale;
  const result = new Float64Array(data.length * pixels);
  for (let colour = 0; colour < colours; colour++)
    for (let row = 0; row < height * scale; row++)
      for (let column = 0; column < width * scale; column++) {
        const pixel = (row % scale) * scale + (column % scale);
        const [r, c] = [Math.floor(row / scale), Math.floor(column / scale)];
        const to = (row * width * scale + column) * colours + colour;
        result[to] = x[at(colour * pixels + pixel, r, c)]! + image[at(colour, r, c)]!;
      }
  return result;
}

describe.skipIf(!isThere)("the released ECBSR", () => {
  it("has the tensors that Python's zipfile and struct find", async () => {
    const { tensors } = await read(2);
    expect(tensors.size).toBe(17);
    const first = async (name: string) => Array.from((await tensors.get(name)!.read()).slice(0, 3));
    expect(tensors.get("backbone.0.0.weight")!.shape).toEqual([16, 3, 3, 3]);
    // Printed by `struct.unpack('<3f', ...)` and widened to float64.
    expect(await first("backbone.0.0.weight")).toEqual([
      0.0030799710657447577, 0.03237944841384888, -0.07347902655601501,
    ]);
    expect(await first("backbone.1.0.weight")).toEqual([
      0.09734922647476196, -0.30558836460113525, -0.06394343078136444,
    ]);
    expect(await first("backbone.2.1.weight")).toEqual(
      [-0.09527, 0.09931, -0.02875].map((number) => expect.closeTo(number, 5)),
    );
  });

  it("is imported as one convolution a block, tensor by tensor", async () => {
    const { weights, checkpoint, of } = await imported(2, { policy: "Merged" });
    expect(of).toMatch(/ETDS/);
    expect(weights.size).toBe(17);
    const stored = await checkpoint.tensors.get("backbone.3.0.weight")!.read();
    const { shape, data } = weights.get("body.3.kernel")!;
    expect(shape).toEqual([3, 3, 16, 16]);
    data.forEach((number, index) => {
      const [output, input, tap] = [
        index % 16,
        Math.floor(index / 16) % 16,
        Math.floor(index / 256),
      ];
      expect(number).toBe(stored[(output * 16 + input) * 9 + tap]);
    });
    const alpha = await checkpoint.tensors.get("backbone.3.1.weight")!.read();
    expect(weights.get("body.3.then.0.alpha")!.data).toEqual(alpha);
    // In front of PixelShuffle PyTorch counts colours first, we count pixels first.
    const bias = await checkpoint.tensors.get("backbone.5.0.bias")!.read();
    const order = [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11];
    expect([...weights.get("body.5.bias")!.data]).toEqual(order.map((from) => bias[from]));
  });

  describe.each(["wasm", "cpu"] as const)("on %s", (backend) => {
    beforeAll(async () => void (await openBackend(backend, { threads: 1 })));

    it.each([2, 4])("gives what the published network gives, unmerged too, x%i", async (scale) => {
      const random = Random.fromSeed(2);
      const x = tensor([1, 9, 8, 3], () => random.uniform(0, 1));
      const { program, weights, checkpoint, unmerged } = await imported(scale, { seed: 1 });
      expect(unmerged.length).toBe(6);
      const expected = await runAsPublished(checkpoint, x, scale);
      const noise = 1e-5 * magnitude(expected);
      const branches = await runTrainGraph(program, "eval", weights, x);
      expect(distance(branches.data, expected)).toBeLessThan(noise);
      expect(
        await runDeploy(program, await mergeWeights(program, weights), x, expected),
      ).toBeLessThan(noise);
      const plain = await imported(scale, { policy: "Merged" });
      const deployed = compileModel("ecbsr.repq", `ECBSR_M4C16(scale: ${scale})`, {
        text: ecbsrText,
        shape: [9, 8, 3],
      }).program;
      expect(await runDeploy(deployed, plain.weights, x, expected)).toBeLessThan(noise);
    });
  });
});

/** How far the deployed graph is from what is expected. */
async function runDeploy(
  { deploy }: ReturnType<typeof compileModel>["program"],
  weights: HostWeights,
  x: HostTensor,
  expected: Float64Array,
): Promise<number> {
  const { outputs } = await runGraph(deploy, "eval", weights, x);
  return distance(outputs.get("output")!.data, expected);
}
