import { clipInOne } from "./clip-by-value.ts";
import { preferKernel } from "./prefer-kernel.ts";
import { scaleChannels } from "./scale-channels.ts";
import { stepInTwo } from "./step.ts";
import { sumAsBiasGradient } from "./sum.ts";

let isRegistered = false;

/**
 * Replaces kernels of tfjs-node that make several passes over a tensor where one or two do: on a CPU a training step waits for memory.
 * All keep their names and meaning, so every user of the engine in this process profits.
 */
export function registerKernels(): void {
  if (isRegistered) return;
  isRegistered = true;
  preferKernel("Step", stepInTwo);
  preferKernel("ClipByValue", clipInOne);
  preferKernel("FusedDepthwiseConv2D", scaleChannels);
  preferKernel("Sum", sumAsBiasGradient);
}
