import { isAbsolute } from "node:path";
import { scoreOf } from "../../runtime/train/index.ts";
import { metricText } from "../metric-text.ts";
import type { RunAnalysis } from "./analyse-run.ts";
import { element, escaped } from "./charts/element.ts";
import { layerName, snrText } from "./layer-charts.ts";
import { worstSnr } from "./layers.ts";
import { counted } from "./counted.ts";
import { isEmpty } from "./read-metrics.ts";
import { recipeText } from "./recipe-text.ts";

/** What was trained, on what, how, and what came of it. */
export function pageHeader(analysis: RunAnalysis): string {
  const { program, record } = analysis;
  const title = element("h1", {}, escaped(program.entry));
  const lead = element("p", { class: "note" }, escaped(state(analysis)));
  const { training, test } = record.data;
  const facts: readonly (readonly [string, string])[] = [
    ["Policy", record.asked.quant ?? "none: floating point"],
    ["Recipe", `${record.asked.recipe}: ${recipeText(record.recipe)}`],
    ["Data", `${training.name}: ${counted(training.size, "example")}`],
    ["Test", test ? `${test.name}: ${counted(test.size, "example")}` : "none"],
    ["First weights", weightsText(record.asked.weights)],
    ["Seed", String(record.recipe.seed)],
    ["Backend", record.backend.engine],
  ];
  const list = facts.map(
    ([name, text]) => element("dt", {}, escaped(name)) + element("dd", {}, escaped(text)),
  );
  return element("header", {}, title, lead, tiles(analysis), element("dl", {}, ...list));
}

/** Paths are the record's own, from the run's folder, which may have been moved as a whole. */
function weightsText(path: string | undefined): string {
  if (path === undefined) return "drawn by the seed";
  return isAbsolute(path) ? path : `${path}, from the run's folder`;
}

function state({ isFinished, steps, metrics, record }: RunAnalysis): string {
  const epochs = metrics.epochs.length;
  const whole = `${epochs} of ${counted(record.recipe.epochs, "epoch")}`;
  const what = record.asked.quant === undefined ? "Floating-point" : "Quantized";
  if (isFinished && isEmpty(metrics)) return `${what} training, finished.`;
  if (isFinished)
    return `${what} training, finished: ${counted(steps, "step")}, ${counted(epochs, "epoch")}.`;
  return `${what} training, not finished: ${whole}. Weights are those of the checkpoint after ${counted(steps, "step")}.`;
}

function tiles(analysis: RunAnalysis): string {
  const found = [...metricTiles(analysis), ...errorTile(analysis)];
  const items = found.map(([value, name]) =>
    element("li", {}, element("b", {}, escaped(value)), element("span", {}, escaped(name))),
  );
  return element("ul", { class: "tiles" }, ...items);
}

type Tile = readonly [value: string, name: string];

function metricTiles({ metrics: { epochs, steps }, record }: RunAnalysis): readonly Tile[] {
  const last = epochs.at(-1);
  const name = Object.keys(last?.test ?? {})[0];
  const tested = epochs.flatMap(({ epoch, test }) => {
    const value = name === undefined ? undefined : test?.[name];
    return value === undefined ? [] : [{ epoch, value, score: scoreOf(test ?? {}) }];
  });
  const best = tested.reduce<(typeof tested)[number] | undefined>(
    (found, one) => (found && found.score >= one.score ? found : one),
    undefined,
  );
  const final = tested.at(-1);
  const shown = name === "psnr" ? "PSNR" : name;
  const loss = last?.loss ?? steps.at(-1)?.loss;
  const seconds = [...epochs, ...steps].reduce((most, line) => Math.max(most, line.seconds), 0);
  const kept = record.recipe.keep === "best" ? ", kept" : "";
  return [
    ...(final && name
      ? [[metricText(name, final.value), `test ${shown}, last epoch`] as const]
      : []),
    ...(best && name
      ? [[metricText(name, best.value), `best: epoch ${best.epoch}${kept}`] as const]
      : []),
    ...(loss === undefined ? [] : [[loss.toPrecision(4), "training loss"] as const]),
    ...(seconds > 0 ? [[duration(seconds), "of training"] as const] : []),
  ];
}

function errorTile({ layers }: RunAnalysis): readonly Tile[] {
  const [worst] = layers.toSorted((a, b) => worstSnr(a) - worstSnr(b));
  if (!worst || worstSnr(worst) === Infinity) return [];
  return [[snrText(worstSnr(worst)), `lowest signal over error, in ${layerName(worst)}`]];
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
