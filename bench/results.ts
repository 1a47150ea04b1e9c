/**
 * `npm run results`: trains what `docs/results.md` shows, as far as it is not there yet, and writes the page. Stopped by time, Ctrl-C or
 * anything else, it goes on where it was when it is called again.
 */
import { fileHost } from "../cli/file-host.ts";
import { stopOnSignal } from "../cli/train/stop-on-signal.ts";
import { openBackend } from "../runtime/backends/index.ts";
import { joinPath } from "../runtime/files.ts";
import { endWith } from "./end-with.ts";
import { readClothes } from "./results/classify.ts";
import { findResults } from "./results/findings.ts";
import { readOptions, type ResultsOptions } from "./results/options.ts";
import { readEnlargingData } from "./results/photographs.ts";
import { planCells } from "./results/plan.ts";
import { nets } from "./results/cell.ts";
import { renderPage } from "./results/render-page.ts";
import { once } from "./results/once.ts";
import { runCells } from "./results/run-cells.ts";
import { usualSettings as settings } from "./results/settings.ts";
import { openStore } from "./results/store.ts";

/** Seeds that the page is planned for. */
const usualSeeds = 3;

async function main(options: ResultsOptions): Promise<number> {
  const host = fileHost(process.cwd());
  const store = openStore(host, options.folder);
  const stop = stopOnSignal(() => undefined);
  if (!options.isRenderOnly) await run(options, stop.signal);
  const planned = planCells({ seeds: Math.max(usualSeeds, options.seeds), only: nets });
  const findings = { planned, results: await findResults(planned, store, settings) };
  await host.write(options.page, new TextEncoder().encode(renderPage(findings, settings)));
  const share = `${findings.results.length} of ${planned.length} cells`;
  console.log(`wrote ${options.page}: ${share}`);
  return stop.exitCode();
}

async function run(options: ResultsOptions, stopped: AbortSignal): Promise<void> {
  const host = fileHost(process.cwd());
  const { folder, minutes, threads } = options;
  const backend = await openBackend("wasm", { threads });
  console.log(backend.describe());
  const late = minutes === undefined ? [] : [AbortSignal.timeout(60_000 * minutes)];
  await runCells(planCells(options), {
    settings,
    store: openStore(host, folder),
    place: {
      host,
      folder: joinPath(folder, "under-way"),
      everySteps: settings.everySteps,
      signal: AbortSignal.any([stopped, ...late]),
      ...(process.stdout.isTTY && { onStep: showStep }),
    },
    clothes: once(() => readClothes(settings)),
    enlarging: once(() => readEnlargingData(settings)),
    tell: (line) => console.log(line),
    clock: () => performance.now() / 1000,
  });
}

function showStep(step: number, steps: number, loss: number): void {
  const text = `  step ${step} of ${steps}, loss ${loss.toFixed(3)}`;
  process.stdout.write(step === steps ? `\r${" ".repeat(text.length)}\r` : `\r${text}`);
}

await endWith(() => main(readOptions(process.argv.slice(2))));
