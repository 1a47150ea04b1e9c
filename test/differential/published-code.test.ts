import { beforeAll, describe, expect, it } from "vitest";
import type { TrainForm } from "../../compiler/compile.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { runGradients } from "../../runtime/train/index.ts";
import { distance, magnitude } from "../support/largest-difference.ts";
import { runDeployed, runTrainGraph } from "../support/run-program.ts";
import { compileSpec } from "../support/spec-host.ts";
import {
  gather,
  readNames,
  readState,
  toChannelsLast,
  toOurLayout,
} from "../support/torch-weights.ts";
import { hasVectors, readVectors, type VectorFile } from "../support/vectors.ts";
import { cases, type Case } from "./cases.ts";

const forms: readonly TrainForm[] = ["folded", "merged"];

/** Holds tensors against a file by their PyTorch names, within ten times the noise of float32 in the authors' own code and 1e-6. */
function holder({ metadata, tensors }: VectorFile) {
  const noise = JSON.parse(metadata["f32_vs_f64_max_abs"] ?? "{}") as Record<string, number>;
  return (name: string, actual: HostTensor | undefined) => {
    const stored = tensors.get(name);
    if (!stored || !actual) throw new Error(`There is no \`${name}\``);
    const isMap = /output|input/.test(name);
    const expected = isMap ? toChannelsLast(stored) : toOurLayout(stored, actual.shape.length);
    expect(actual.shape, `${name}: shape`).toEqual(expected.shape);
    const tolerance = 10 * (noise[name] ?? 0) + 1e-6 * magnitude(expected.data);
    expect(distance(actual.data, expected.data), name).toBeLessThanOrEqual(tolerance);
  };
}

function prepare({ file, block, entry }: Case, form: TrainForm) {
  const vectors = readVectors(`${file}.safetensors`);
  const names = readNames(block);
  const input = toChannelsLast(vectors.tensors.get("input")!);
  const program = compileSpec(`blocks/${block}.repq`, entry, input.shape.slice(1), form);
  return { vectors, names, input, program, weights: readState(vectors, names) };
}

describe.skipIf(!hasVectors).each(["wasm", "cpu"] as const)(
  "the authors' code, on %s",
  (backend) => {
    beforeAll(async () => void (await openBackend(backend, { threads: 1 })));

    describe.each(cases.map((one) => [one.file, one] as const))("%s", (_, one) => {
      it("has the weights that the spec declares", () => {
        const { program, weights } = prepare(one, "folded");
        const shapes = program.weights.map(({ path, shape }) => [path, shape]);
        expect([...weights].map(([path, { shape }]) => [path, shape]).toSorted()).toEqual(
          shapes.toSorted(),
        );
      });

      it.each(forms)("runs alike with running statistics, trained as %s", async (form) => {
        const { vectors, program, weights, input } = prepare(one, form);
        holder(vectors)("eval.output", await runTrainGraph(program, "eval", weights, input));
      });

      it("merges and deploys alike", async () => {
        const { vectors, program, weights, input } = prepare(one, "folded");
        const hold = holder(vectors);
        const { merged, output } = await runDeployed(program, weights, input);
        hold("merged.weight", merged.get("kernel"));
        hold("merged.bias", merged.get("bias"));
        hold("deploy.output", output);
      });

      it.each(forms)("trains alike as %s: output, statistics, gradients", async (form) => {
        const { vectors, names, program, weights, input } = prepare(one, form);
        const hold = holder(vectors);
        const probe = toChannelsLast(vectors.tensors.get("probe")!);
        const step = await runGradients(program, weights, input, probe);
        const isCompared = (name: string) =>
          !name.endsWith("num_batches_tracked") && !one.leavesOut?.(name);
        let compared = 0;
        for (const name of [...vectors.tensors.keys()].filter(isCompared)) {
          const paths = names.get(name.replace(/^(grad|after)\./, ""));
          if (name === "train.output") hold(name, step.output);
          else if (name === "grad.input") hold(name, step.input);
          else if (name.startsWith("grad.")) hold(name, gather(step.weights, paths));
          else if (name.startsWith("after.")) hold(name, gather(step.updates, paths));
          else continue;
          compared += 1;
        }
        expect(compared).toBeGreaterThan(7);
      });
    });
  },
);
