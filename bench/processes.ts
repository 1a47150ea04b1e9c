import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../cli/package-root.ts";
import { renderTable } from "../cli/table.ts";
import { median } from "./median.ts";

const repqc = join(packageRoot, "cli", "bin.js");

interface Measured {
  readonly name: string;
  /** Arguments of node. */
  readonly args: readonly string[];
}

/** Node by itself is what no program can be faster than. */
const nothing: Measured = { name: "node, doing nothing", args: ["--eval", ""] };

/** `repqc check` of one block, from the shell's point of view: start, load, check, end. */
export function measureCheck(): void {
  const args = [repqc, "check", "repq:blocks/repvgg"];
  printTimes([nothing, { name: "repqc check repq:blocks/repvgg", args }], 15);
}

/** `repqc prove` of a whole network. */
export function measureProve(): void {
  const args = [repqc, "prove", "repq:models/repvgg", "--entry", "RepVGG_B0"];
  printTimes([{ name: "repqc prove RepVGG_B0", args }], 5);
}

/** Turn by turn, so that a busy moment of the machine falls on all of them. */
function printTimes(programs: readonly Measured[], rounds: number): void {
  const times = programs.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    programs.forEach((program, index) => times[index]?.push(timeOf(program)));
  }
  const rows = programs.map(({ name }, index) => {
    const own = times[index] ?? [];
    return [name, Math.min(...own).toFixed(0), median(own).toFixed(0)];
  });
  console.log(renderTable([`whole process, ${rounds} times`, "least ms", "ms"], rows));
}

/** Milliseconds from the start of a process to its end. */
function timeOf({ name, args }: Measured): number {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const time = performance.now() - start;
  if (status !== 0) throw new Error(`${name} ended with ${status}:\n${stdout}${stderr}`);
  return time;
}
