/** Training by what the library exports alone: a recipe of the language, data in memory, a checkpoint, and what goes on from it. */
import { beforeAll, describe, expect, it } from "vitest";
import * as repqc from "../../index.ts";
import type { FileHost, HostWeights, RecipeSpec, TrainingRun } from "../../index.ts";
import { netSpec } from "../cli/train-world.ts";
import { folderHost } from "../compiler/compile-files.ts";
import { memoryHost } from "../runtime/checkpoint-host.ts";

beforeAll(async () => void (await repqc.openBackend("cpu")));

const name = "last";
const folder = "saved";

function prepare(): TrainingRun {
  const host = folderHost({ "net.repq": netSpec });
  const { program } = repqc.compile({ file: "net.repq", entry: "Net" }, host);
  const { recipe } = repqc.compileRecipe({ file: "net.repq", recipe: "Short(2)" }, host);
  if (!program || !recipe) throw new Error("the spec of the tests does not compile");
  const spec: RecipeSpec = recipe;
  const pixels = Uint8Array.from({ length: 24 * 36 }, (_, place) => (place * 37) % 256);
  const labels = Uint8Array.from({ length: 24 }, (_, index) => index % 3);
  const classes = ["a", "b", "c"];
  const shape = [6, 6, 1] as const;
  const images = { name: "stripes", source: "this test", shape, classes, pixels, labels };
  return {
    program,
    recipe: { ...repqc.runtimeRecipe(spec, "float", 1), keep: "last" },
    trainingData: repqc.classificationExamples(repqc.packedDataset(images)),
    weights: repqc.initialWeights(program, 1),
  };
}

function bitsOf(weights: HostWeights) {
  return [...weights].map(([path, { data }]) => [path, [...new Uint32Array(data.buffer)]]);
}

describe("a training by the library", () => {
  it("goes on from its last checkpoint to the same bits", async () => {
    const run = prepare();
    const whole = await repqc.train(run);
    const host: FileHost = memoryHost();
    const stop = new AbortController();
    const checkpoints = { host, folder, name };
    const stopped = await repqc.train({
      ...run,
      checkpoints,
      onEpoch: () => stop.abort(),
      signal: stop.signal,
    });
    expect(stopped.finished).toBe(false);
    const hash = await repqc.hashProgram(run.program);
    const resume = await repqc.loadCheckpoint(host, folder, name, hash);
    const resumed = await repqc.train({ ...run, checkpoints, resume });
    expect(resumed.finished).toBe(true);
    expect(bitsOf(resumed.weights)).toEqual(bitsOf(whole.weights));
  });

  it("throws errors that can be told apart", async () => {
    const { program } = prepare();
    const host = memoryHost();
    await expect(repqc.loadCheckpoint(host, folder, name, "none")).rejects.toThrow(
      repqc.MissingFile,
    );
    expect(() => repqc.readSafetensors(new Uint8Array(3), "cut.safetensors")).toThrow(
      repqc.CorruptFile,
    );
    expect(() => repqc.loadProgram("{}", "other.json")).toThrow(repqc.ForeignFile);
    const input = { shape: [1, 6, 6, 1], data: new Float32Array(36) };
    await expect(repqc.runTfjs(new Map(), input)).rejects.toThrow(repqc.TfjsRunFailed);
    await expect(repqc.runOnnx(new Uint8Array(3), input)).rejects.toThrow(repqc.OnnxRunFailed);
    const check = () => repqc.checkWeights(program.weights, new Map(), "nothing.safetensors");
    expect(check).toThrow(repqc.UnfitWeights);
  });
});
