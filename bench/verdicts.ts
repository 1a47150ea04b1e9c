/**
 * `npm run verdicts`: deploys what `docs/verdicts.md` shows, compares the engines, as far as that is not there yet, and writes the page.
 * Ends with 1 where a cell is not verified. Stopped by Ctrl-C or anything else, it goes on with the cell where it was when it is called again.
 */
import { fileHost } from "../cli/file-host.ts";
import { stopOnSignal } from "../cli/train/stop-on-signal.ts";
import { openBackend } from "../runtime/backends/index.ts";
import { joinPath } from "../runtime/files.ts";
import { endWith } from "./end-with.ts";
import { models, planCells } from "./verdicts/cell.ts";
import { readOptions, type VerdictsOptions } from "./verdicts/options.ts";
import { renderPage, type Finding } from "./verdicts/render-page.ts";
import { keyOfSubject, runCells } from "./verdicts/run-cells.ts";
import { openStore, type VerdictStore } from "./verdicts/store.ts";
import { subjectOf } from "./verdicts/subjects.ts";

async function main(options: VerdictsOptions): Promise<number> {
  const host = fileHost(process.cwd());
  const store = openStore(host, options.folder);
  const stop = stopOnSignal(() => undefined);
  if (!options.isRenderOnly) await run(options, store, stop.signal);
  const findings = await findAll(store);
  await host.write(options.page, new TextEncoder().encode(renderPage(findings)));
  const done = findings.filter(({ verdict }) => verdict).length;
  console.log(`wrote ${options.page}: ${done} of ${findings.length} cells`);
  if (stop.signal.aborted) return stop.exitCode();
  return findings.some(({ verdict }) => verdict?.isVerified === false) ? 1 : 0;
}

async function run(
  { only, folder }: VerdictsOptions,
  store: VerdictStore,
  signal: AbortSignal,
): Promise<void> {
  const host = fileHost(process.cwd());
  const backend = await openBackend("wasm", { threads: 2 });
  console.log(backend.describe());
  const progress = (text: string) => {
    if (process.stdout.isTTY) process.stdout.write(`\r  ${text.padEnd(60)}\r`);
  };
  await runCells(planCells(only), {
    subjectOf,
    store,
    place: {
      host,
      folder: joinPath(folder, "under-way"),
      everySteps: 20,
      signal,
      onStep: (step, steps) => progress(`step ${step} of ${steps}`),
    },
    tell: (line) => console.log(line),
    progress,
    clock: () => performance.now() / 1000,
  });
}

async function findAll(store: VerdictStore): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const cell of planCells(models)) {
    findings.push({ cell, verdict: await store.find(cell, keyOfSubject(subjectOf(cell))) });
  }
  return findings;
}

await endWith(() => main(readOptions(process.argv.slice(2))));
