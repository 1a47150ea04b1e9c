import type { SeenQuantizer } from "./capture-quantizers.ts";
import { shareText } from "./charts/histogram-chart.ts";
import type { Layer } from "./layers.ts";
import { normalSnr, type QuantizerNumbers } from "./quantizer-numbers.ts";

/** Clipping of more than this share is worth a word. */
const muchClipped = 0.01;
/** So many decibels below what a normal distribution allows are worth a word: the error is twice as large, as power. */
const farBelow = 3;
/** A level counts as used where this share of the numbers lies on it. */
const usedShare = 1e-4;
/** A branch that makes the channels so many times wider is worth a word: it costs them a bit. */
const muchStretched = 2;

/** What a person should know of a layer, in plain words, what matters most first; empty where all is as it should be. */
export function remarksOn(layer: Layer): readonly string[] {
  const ofWeights = layer.quantizers.filter((one) => one.of === "kernel").flatMap(quantizerRemarks);
  const ofActivations = layer.quantizers
    .filter((one) => one.of === "activation")
    .flatMap(quantizerRemarks);
  return [...ofWeights, ...rangeRemarks(layer), ...ofActivations];
}

function quantizerRemarks(one: SeenQuantizer): readonly string[] {
  const { of, bits, numbers } = one;
  if (!numbers) return [];
  const what = of === "kernel" ? "weights" : "activations";
  const { snr } = numbers;
  if (snr === undefined) return [`all ${what} are zero`];
  const possible = normalSnr[bits];
  if (possible !== undefined && snr < possible - farBelow) {
    const lost = (possible - snr).toFixed(0);
    return [`${what} are ${lost} dB worse than ${bits} bits can be: ${causeOf(one, numbers)}`];
  }
  const { clipped } = numbers;
  const all = clipped.low + clipped.high;
  return all > muchClipped ? [`${shareText(all)} of the ${what} are clipped`] : [];
}

/** Why the error is large. */
function causeOf({ of, per }: SeenQuantizer, numbers: QuantizerNumbers): string {
  const { clipped, clippingError, shares } = numbers;
  if (clippingError > 0.5) {
    const few = shareText(clipped.low + clipped.high);
    const most = Math.round(100 * clippingError);
    return `${most} % of the error comes from the ${few} that are clipped`;
  }
  const used = shares.filter((share) => share > usedShare).length;
  if (of === "kernel" && per === "tensor") {
    return `one step serves all channels, and ${used} of ${shares.length} levels are used`;
  }
  return used < shares.length / 2
    ? `only ${used} of ${shares.length} levels are used, the step is too large`
    : "rounding takes most of it, the numbers are small against the step";
}

function rangeRemarks({ ranges }: Layer): readonly string[] {
  if (!ranges) return [];
  const { wide, stretched, empty, median, merged } = ranges;
  const found: string[] = [];
  if (stretched && stretched.factor > muchStretched && stretched.factor < Infinity) {
    const times = stretched.factor.toFixed(1);
    found.push(`\`${stretched.branch}\` makes the channels ${times} times as wide`);
  }
  const [widest] = wide;
  if (widest) {
    const times = (widest.range / median).toFixed(1);
    const { branch } = widest;
    const from = branch ? `, mostly by \`${branch.name}\`` : "";
    const others = wide.length - 1;
    const more = others === 0 ? "" : `, and ${others} more stand${others === 1 ? "s" : ""} out`;
    found.push(`channel ${widest.channel} is ${times} times as wide as the median${from}${more}`);
  }
  if (empty > 0) found.push(`${empty} of ${merged.length} channels have no weights left`);
  return found;
}
