import type { Verdict } from "../../runtime/verify/index.ts";
import { grouped, renderTable } from "../table.ts";
import type { DemoRow } from "./run-demo.ts";

/** What of the demo's options the report repeats. */
export interface SummaryOptions {
  readonly bits: number;
  readonly epochs: number;
  readonly images: number;
  readonly testImages: number;
  readonly out: string;
}

const trainingImages = 60_000;
const testImages = 10_000;

/** The demo's table and what one needs to read it. */
export function summarize(rows: readonly DemoRow[], options: SummaryOptions): string {
  const { bits, epochs, images, out } = options;
  const header = ["", "accuracy", "bits", "weights", "stored", "integers", "onnxruntime"];
  const cells = rows.map(({ name, accuracy, bytes, verdicts }) => [
    name,
    `${(100 * accuracy).toFixed(2)} %`,
    verdicts ? String(bits) : "32",
    `${grouped(bytes.float)} B`,
    `${grouped(bytes.stored)} B`,
    ...(verdicts ? [differing(verdicts.integer), differing(verdicts.onnx)] : ["", ""]),
  ]);
  const tested = part(options.testImages, testImages);
  return [
    "",
    renderTable(header, cells),
    "",
    "weights: deployed kernels and biases as float32; stored: what the ONNX file keeps of them.",
    "integers, onnxruntime: outputs that differ from the training graph's (mode eval), bit for bit; explained: those that only the",
    "rounding of a number exactly between two levels changed, as `repqc verify` tells.",
    ...storageNote(bits),
    "",
    `Fashion-MNIST, trained on ${part(images, trainingImages)} images, ${epochs === 1 ? "1 epoch" : `${epochs} epochs`} each; tested on ${tested} that the package`,
    "`fashion-mnist` keeps apart. Merged and RepQ begin with the weights of the floating-point training. First and last layer have 8 bits.",
    `Weights, programs and ONNX files are in ${out}.`,
    "",
  ].join("\n");
}

function part(count: number, all: number): string {
  return count >= all ? `all ${grouped(all)}` : `the first ${grouped(count)} of ${grouped(all)}`;
}

/** Explained ones apart, so that they can be subtracted. */
function differing(verdict: Verdict): string {
  const { differing: count, compared } = verdict;
  const explained = verdict.kind === "bits" ? verdict.explained : 0;
  const known = explained > 0 ? ` (${explained} explained)` : "";
  return `${count}${known} of ${grouped(compared)}`;
}

/** What the sizes hide. */
function storageNote(bits: number): readonly string[] {
  if (bits === 4 || bits === 8) return [];
  const stored = bits < 4 ? 4 : 8;
  return [
    `Of ONNX's integers, ${stored} bits are the next that hold ${bits}: weights are stored so.`,
  ];
}
