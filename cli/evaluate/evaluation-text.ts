import { namingNotFinite } from "../../runtime/written-number.ts";
import { metricText } from "../metric-text.ts";
import { grouped, renderTable } from "../table.ts";
import type { Evaluation, MeasuredGraph } from "./evaluation.ts";

const titles = { train: "trained", deploy: "merged" } as const;

/** An evaluation for people: a line of what it is of, and a table. */
export function evaluationText(evaluation: Evaluation): string {
  const { entry, policy, weights, data, graphs } = evaluation;
  const how = policy === undefined ? "floating point" : policy;
  const standing = weights.standing === undefined ? "" : `, ${weights.standing}`;
  const lines = [
    `${entry}, ${how}: ${weights.file}${standing}`,
    `on ${data.name}: ${grouped(data.size)} ${data.size === 1 ? "image" : "images"}`,
    "",
    isLabelled(graphs) ? accuracyTable(graphs) : imageTable(graphs),
  ];
  return `${lines.join("\n")}\n`;
}

/** The same for programs; a number that is not finite is its name. */
export function evaluationJson({ graphs, ...evaluation }: Evaluation): string {
  const measured = graphs.map(({ graph, found: { images, ...mean } }) => ({
    graph,
    ...mean,
    ...(images.length > 0 && { images }),
  }));
  return `${JSON.stringify({ ...evaluation, graphs: measured }, namingNotFinite, 2)}\n`;
}

function isLabelled([first]: readonly MeasuredGraph[]): boolean {
  return first?.found.accuracy !== undefined;
}

function accuracyTable(graphs: readonly MeasuredGraph[]): string {
  const rows = graphs.map(({ graph, found: { accuracy = NaN } }) => [
    titles[graph],
    metricText("accuracy", accuracy),
  ]);
  return renderTable(["graph", "accuracy"], rows);
}

/** A row for each image, and one for the mean; PSNR and SSIM of each graph beside each other. */
function imageTable(graphs: readonly MeasuredGraph[]): string {
  const header = graphs.flatMap(({ graph }) => [
    `PSNR-Y ${titles[graph]}`,
    `SSIM ${titles[graph]}`,
  ]);
  const cells = ({ psnr = NaN, ssim }: { readonly psnr?: number; readonly ssim?: number }) => [
    metricText("psnr", psnr, 3),
    ssim === undefined ? "–" : metricText("ssim", ssim, 4),
  ];
  const names = graphs[0]?.found.images.map(({ name }) => name) ?? [];
  const rows = names.map((name, place) => [
    name,
    ...graphs.flatMap(({ found }) => cells(found.images[place] ?? {})),
  ]);
  const mean = ["mean", ...graphs.flatMap(({ found }) => cells(found))];
  return renderTable(["image", ...header], [...rows, mean]);
}
