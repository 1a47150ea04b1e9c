/**
 * `npm run bench`: what a quantization-aware training step of a block costs, each form beside the usual one in the same run.
 * Prints medians; asserts nothing.
 */
import { parseArgs } from "node:util";
import { compile } from "../compiler/compile.ts";
import { createHost } from "../cli/host.ts";
import { packageRoot } from "../cli/package-root.ts";
import { renderTable } from "../cli/table.ts";
import { openBackend } from "../runtime/backends/index.ts";
import { prepareStep, type Step } from "./step.ts";

interface Form {
  readonly name: string;
  readonly block: string;
  readonly policy?: string;
}

/** The first is what the others are compared with. */
const forms: readonly Form[] = [
  { name: "plain conv-BN-ReLU, LSQ", block: "Plain", policy: "Branches" },
  { name: "branches, floating point", block: "RepVGG" },
  { name: "branches, each quantized", block: "RepVGG", policy: "Branches" },
  { name: "RepQ, batch statistics", block: "RepVGG", policy: "Merge" },
  { name: "RepQ, statistics of 1/8 of the images", block: "RepVGG", policy: "Sampled" },
  { name: "RepQ, estimated statistics", block: "RepVGG", policy: "Estimated" },
];

const sizes = [
  { side: 32, channels: 32 },
  { side: 16, channels: 64 },
] as const;

const { values: options } = parseArgs({
  options: {
    backend: { type: "string", default: "wasm" },
    threads: { type: "string", default: "2" },
    rounds: { type: "string", default: "9" },
    batch: { type: "string", default: "32" },
    /** Peak bytes as `tf.profile` counts them, views as copies: for comparison with figures measured so. */
    "count-views": { type: "boolean", default: false },
  },
});

const backend = await openBackend(options.backend, { threads: Number(options.threads) });
const memory = options["count-views"] ? undefined : backend.memory;
const [rounds, batch] = [Number(options.rounds), Number(options.batch)];
console.log(`${backend.describe()}; batch ${batch}, medians of ${rounds} rounds\n`);
for (const { side, channels } of sizes) await compareForms(side, channels);
process.exit(0);

async function compareForms(side: number, channels: number): Promise<void> {
  const steps: { readonly form: Form; readonly step: Step; readonly times: number[] }[] = [];
  for (const form of forms) {
    steps.push({
      form,
      step: await prepareStep(programOf(form, side, channels), batch, memory),
      times: [],
    });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { step, times } of steps) times.push(await step.run());
  }
  const rows: string[][] = [];
  const [reference] = steps;
  const referenceTimes = reference?.times ?? [];
  for (const { form, step, times } of steps) {
    const ratio = median(times.map((time, round) => time / (referenceTimes[round] ?? time)));
    const peak = (await step.peakBytes()) / 2 ** 20;
    rows.push([form.name, median(times).toFixed(1), ratio.toFixed(2), peak.toFixed(1)]);
  }
  console.log(renderTable([`${side}x${side}x${channels}`, "ms", "to plain", "peak MiB"], rows));
  console.log();
}

function programOf({ block, policy }: Form, side: number, channels: number) {
  const { host, entry: file } = createHost({ folder: packageRoot, entry: "bench/blocks.repq" });
  const request = {
    file,
    entry: `${block}(${channels})`,
    shape: [side, side, channels],
    form: "branches",
  } as const;
  const { program, diagnostics } = compile(
    { ...request, ...(policy !== undefined && { policy }) },
    host,
  );
  if (!program) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return program;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
