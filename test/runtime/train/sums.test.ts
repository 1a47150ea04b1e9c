/** Quantizers at the operands of a sum train like any others. */
import { expect, it } from "vitest";
import { compile } from "../../../compiler/compile.ts";
import type { Program } from "../../../compiler/ir/index.ts";
import type { HostTensor } from "../../../runtime/safetensors.ts";
import { initializeSteps, runGradients } from "../../../runtime/train/index.ts";
import { tf } from "../../../runtime/tensors.ts";
import { disposeAll, initialWeights, toHostWeights, toTensors } from "../../../runtime/weights.ts";
import { describeBackends } from "../../support/backends.ts";
import { textHost } from "../../support/compile-text.ts";
import { randomDense } from "../../support/dense.ts";

const text = `
model Net {
  input image: image[4, 4, 3]
  a = image -> conv(3x3) -> bn -> relu
  output (a -> conv(3x3) -> bn) + a
}

quant Q { sums: lsq(bits: 8) }
`;

function compiled(): Program {
  const request = { file: "sample.repq", entry: "Net", policy: "Q" };
  const { program, diagnostics } = compile(request, textHost(text));
  if (!program) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return program;
}

function host(shape: readonly number[], seed: number): HostTensor {
  return { shape, data: Float32Array.from(randomDense(shape, seed).data) };
}

describeBackends("sums on a grid", () => {
  it("begin with a step from the batch and learn it", async () => {
    const program = compiled();
    const image = host([5, 4, 4, 3], 1);
    const begun = initialWeights(program, 2);
    const tensors = toTensors(begun);
    const input = tf.tensor(image.data, [5, 4, 4, 3]);
    const found = initializeSteps(program, tensors, input);
    const steps = await toHostWeights(found);
    disposeAll(tensors);
    disposeAll(found);
    input.dispose();
    const paths = ["output.sum.left.step", "output.sum.right.step"];
    expect([...steps.keys()]).toEqual(paths);
    for (const { data } of steps.values()) expect(data[0]).toBeGreaterThan(0);
    const weights = new Map([...begun, ...steps]);
    const { weights: gradients } = await runGradients(
      program,
      weights,
      image,
      host([5, 4, 4, 3], 3),
    );
    for (const path of paths)
      expect(Math.abs(gradients.get(path)?.data[0] ?? 0)).toBeGreaterThan(0);
  });
});
