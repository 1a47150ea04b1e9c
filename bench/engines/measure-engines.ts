import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../../cli/package-root.ts";
import { renderTable } from "../../cli/table.ts";
import { median } from "../median.ts";
import type { BenchOptions } from "../options.ts";
import { startContender, type Contender } from "./contender.ts";
import { peak, peakOperations, stepOperations, workloads } from "./workloads.ts";

const pytorch = "pytorch";

/** What `all` means: not cpu, which would take minutes for a step. */
const usual: readonly string[] = ["wasm", "tensorflow", "webgpu", pytorch];

/** An engine that is this slow has said enough. */
const mostMilliseconds = 60_000;

interface Measured {
  readonly contender: Contender;
  readonly times: ReadonlyMap<string, readonly number[]>;
}

/** Every engine side by side in one run: round by round in turn, each in a process of its own. */
export async function measureEngines(options: BenchOptions): Promise<void> {
  const { backends, threads, batch, rounds } = options;
  const names = backends.includes("all") ? usual : backends;
  const contenders: Contender[] = [];
  for (const name of names) contenders.push(await start(name, options));
  console.log(`batch ${batch}, ${threads} threads, medians of ${rounds} rounds in turn`);
  for (const one of contenders) console.log(describe(one));
  const present = contenders.filter(({ reason }) => reason === undefined);
  const measured = await runRounds(present, rounds);
  for (const { end } of present) end();
  console.log();
  printTable(measured, batch);
}

function start(name: string, { threads, batch, python }: BenchOptions): Promise<Contender> {
  const settings = [String(threads), String(batch)];
  if (name === pytorch) {
    const script = join(packageRoot, "bench", "pytorch_block.py");
    return startContender(name, python, [script, ...settings, JSON.stringify({ peak, workloads })]);
  }
  const program = fileURLToPath(new URL("./engine-process.js", import.meta.url));
  return startContender(name, process.execPath, [program, name, ...settings]);
}

function describe({ name, engine, isSoftwareGpu, reason }: Contender): string {
  if (reason !== undefined) return `${name}: not measured: ${reason}`;
  const own = engine?.startsWith(`${name}:`) === true ? engine : `${name}: ${engine}`;
  return isSoftwareGpu === true ? `${own}; a GPU in software says nothing of a real one` : own;
}

async function runRounds(
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly Measured[]> {
  const all = contenders.map((contender) => ({ contender, times: new Map<string, number[]>() }));
  for (let round = 0; round < rounds; round++) {
    for (const { contender, times } of all) {
      if (total(times) > mostMilliseconds) continue;
      const found = await contender.round();
      if (found === undefined) console.log(`${contender.name}: it stopped in round ${round + 1}`);
      for (const [name, time] of Object.entries(found ?? {})) {
        times.set(name, [...(times.get(name) ?? []), time]);
      }
    }
  }
  return all.filter(({ times }) => times.size > 0);
}

function total(times: ReadonlyMap<string, readonly number[]>): number {
  return [...times.values()].flat().reduce((sum, time) => sum + time, 0);
}

function printTable(measured: readonly Measured[], batch: number): void {
  const imagesOf = ({ images = batch }: Contender) => images;
  const peaks = measured.map(({ contender, times }) => {
    const speed = peakOperations(imagesOf(contender)) / median(times.get(peak.name) ?? []) / 1e6;
    return [contender.name, speedText(speed)];
  });
  console.log(renderTable(["3x3 convolution, forward", "GFLOP/s"], peaks));
  for (const workload of workloads) {
    const rows = measured.map(({ contender, times }) => {
      const images = imagesOf(contender);
      const step = median(times.get(workload.name) ?? []);
      const speed = stepOperations(workload, images) / step / 1e6;
      const own = peakOperations(images) / median(times.get(peak.name) ?? []) / 1e6;
      const share = `${((100 * speed) / own).toFixed(0)} %`;
      return [contender.name, String(images), step.toFixed(1), speedText(speed), share];
    });
    console.log();
    console.log(renderTable([workload.name, "images", "ms", "GFLOP/s", "of its peak"], rows));
  }
}

/** GFLOP/s: a GPU in software has hundredths of one, a real one thousands. */
function speedText(speed: number): string {
  return speed.toFixed(speed < 1 ? 3 : 1);
}
