/** A training whose GPU goes away: an error that says so, a checkpoint that is whole, and the same bits in the end. */
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { expect, it } from "vitest";
import { withRuntimeMistakes } from "../../cli/runtime-mistake.ts";
import { UserMistake } from "../../cli/user-mistake.ts";
import { DeviceFailed, openBackend } from "../../runtime/backends/index.ts";
import { classificationExamples } from "../../runtime/data/index.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import { tf } from "../../runtime/tensors.ts";
import { loadCheckpoint } from "../../runtime/train/checkpoint.ts";
import { hashProgram, train, type TrainingRun } from "../../runtime/train/index.ts";
import { initialWeights } from "../../runtime/weights.ts";
import { MapHost } from "../runtime/train/map-host.ts";
import { tinyDataset, tinyProgram } from "../runtime/train/tiny-program.ts";
import { describeBackends } from "../support/backends.ts";

const program = tinyProgram(true);
const run: TrainingRun = {
  program,
  recipe: {
    epochs: 1,
    batch: 8,
    seed: 5,
    loss: { name: "softmax_cross_entropy" },
    optimizer: { name: "sgd", momentum: 0.9 },
    schedule: { name: "constant" },
    rate: 0.1,
  },
  trainingData: classificationExamples(tinyDataset(48)),
  weights: initialWeights(program, 3),
};

const bits = (tensors: HostWeights) =>
  [...tensors].map(([name, { data }]) => [name, [...new Uint32Array(data.buffer)]]).toSorted();

function loseDevice(): void {
  (tf.backend() as WebGPUBackend).device.destroy();
}

describeBackends(
  "a training whose GPU is lost",
  () => {
    it("ends with a clear error, and goes on from its checkpoint to the same bits", async () => {
      const whole = await train(run);
      const checkpoints = { host: new MapHost(), folder: "run", name: "last", everySteps: 2 };
      const onProgress = ({ step }: { step: number }) => step === 3 && loseDevice();
      const error: unknown = await train({ ...run, checkpoints, onProgress }).catch(
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(DeviceFailed);
      expect((error as DeviceFailed).message).toMatch(
        /^The GPU failed: it was lost.*\n.*checkpoint/,
      );
      await openBackend("webgpu");
      const hash = await hashProgram(program);
      const resume = await loadCheckpoint(checkpoints.host, "run", "last", hash);
      expect(resume.state.step).toBe(2);
      const rest = await train({ ...run, resume });
      expect(bits(rest.final.weights)).toEqual(bits(whole.final.weights));
    });

    it("is a diagnostic for the user, which tells how to go on", async () => {
      const training = withRuntimeMistakes(() =>
        train({ ...run, onProgress: ({ step }) => step === 1 && loseDevice() }),
      );
      const mistake: unknown = await training.catch((error: unknown) => error);
      expect(mistake).toBeInstanceOf(UserMistake);
      expect((mistake as UserMistake).diagnostics).toMatchObject([
        {
          code: "config/device-failed",
          message: expect.stringMatching(/^the GPU failed: it was lost/) as string,
          help: expect.stringContaining("repqc train --resume -o RUN") as string,
        },
      ]);
      await openBackend("webgpu");
    });
  },
  { only: ["webgpu"] },
);
