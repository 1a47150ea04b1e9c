import { renderTable } from "../cli/table.ts";
import { openBackend, type Backend } from "../runtime/backends/index.ts";
import { compileBenchBlock } from "./compile-block.ts";
import { median } from "./median.ts";
import type { BenchOptions } from "./options.ts";
import { prepareStep, type Step } from "../cli/doctor/training-step.ts";

interface Form {
  readonly name: string;
  readonly block: string;
  readonly policy?: string;
}

const plain: Form = { name: "plain conv-BN-ReLU, LSQ", block: "Plain", policy: "Branches" };

/** The first is what the others are compared with. */
const forms: readonly Form[] = [
  plain,
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

const modes = [
  ["RepQ, batch statistics", "Merge"],
  ["RepQ, statistics of 1/8 of the images", "Sampled"],
  ["RepQ, statistics of a lattice of 2", "Lattice"],
  ["RepQ, estimated statistics", "Estimated"],
  ["RepQ, frozen statistics", "Frozen"],
] as const;

/** Every statistics mode for blocks of several kinds, beside the usual step in the same run. */
export async function measureBlocks(options: BenchOptions): Promise<void> {
  const run = await openRun(options);
  for (const block of ["RepVGG", "DBB", "MobileOne", "OREPA"]) {
    const repq = modes.map(([name, policy]): Form => ({ name, block, policy }));
    const branches = { name: "branches, each quantized", block, policy: "Branches" };
    console.log(`\n${block}`);
    await compareForms([plain, branches, ...repq], 32, 32, run);
  }
}

async function openRun({
  backend: name,
  threads,
  rounds,
  batch,
  countsViews,
}: BenchOptions): Promise<Run> {
  const backend = await openBackend(name, { threads });
  console.log(`${backend.describe()}; batch ${batch}, medians of ${rounds} rounds`);
  return { rounds, batch, memory: countsViews ? undefined : backend.memory };
}

/** What a quantization-aware training step of a block costs, each form beside the usual one in the same run. */
export async function measureForms(options: BenchOptions): Promise<void> {
  const run = await openRun(options);
  for (const { side, channels } of sizes) {
    console.log();
    await compareForms(forms, side, channels, run);
  }
}

interface Run {
  readonly rounds: number;
  readonly batch: number;
  readonly memory: Backend["memory"];
}

async function compareForms(
  forms: readonly Form[],
  side: number,
  channels: number,
  { rounds, batch, memory }: Run,
): Promise<void> {
  const steps: { readonly form: Form; readonly step: Step; readonly times: number[] }[] = [];
  for (const form of forms) {
    steps.push({
      form,
      step: await prepareStep(compileBenchBlock(form, side, channels), batch, memory),
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
}
