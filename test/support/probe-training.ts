import { safeCase } from "../../cli/doctor/checks.ts";
import { compileBlock } from "../../cli/doctor/probe-block.ts";
import { hostMap, hostWeights } from "./run-program.ts";

/** The block that doctor tests engines with, and what `trainBlock` and `trainInFloat64` take of it. */
export function probeTraining() {
  const block = compileBlock([5, 4, 2]);
  const { program } = block;
  const { numbers, probe } = safeCase(block);
  const input = hostMap(numbers.input);
  const training = {
    program,
    weights: hostWeights(program, numbers.weights),
    input,
    // The block keeps the shape.
    probe: { shape: input.shape, data: Float32Array.from(probe) },
  };
  return { block, numbers, probe, training };
}
