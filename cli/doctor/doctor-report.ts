import { renderTable } from "../table.ts";
import type { Companion, Machine } from "./machine.ts";
import type { EngineReport } from "./self-test.ts";

/** Everything that `repqc doctor` found. */
export interface Findings {
  readonly machine: Machine;
  readonly companions: readonly Companion[];
  readonly engines: readonly EngineReport[];
  /** What `--backend auto` takes here; absent where one engine was asked for. */
  readonly auto?: string;
}

export function doctorText({ machine, companions, engines, auto }: Findings): string {
  const parts = [
    machineLines(machine),
    companions.map(companionLine).join("\n"),
    engineTable(engines),
    engines.map(engineLines).join("\n"),
    ...(auto === undefined ? [] : [`--backend auto takes ${auto} here.`]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function machineLines(machine: Machine): string {
  const { repqc, node, isNodeSupported, platform, processor, cores } = machine;
  const advice = isNodeSupported
    ? ""
    : " (not supported: install 20.19 or later of 20, or 22.3 or later)";
  const [all, free] = [machine.memoryBytes, machine.freeBytes].map((bytes) =>
    (bytes / 2 ** 30).toFixed(1),
  );
  return [
    `repqc ${repqc}, Node ${node}${advice}, ${platform}`,
    `${processor}, ${cores} ${cores === 1 ? "core" : "cores"}; ${all} GiB of memory, ${free} GiB free`,
  ].join("\n");
}

function companionLine({ name, purpose, version, problem, remedy }: Companion): string {
  return problem === undefined
    ? `${name} ${version}: there, for ${purpose}`
    : `${name}: not there, for ${purpose} (${problem}); ${remedy}`;
}

const header = [
  "engine",
  "verdict",
  "computes on",
  "QAT step",
  "images/s",
  "tensors MiB",
  "process MiB",
];

const devices = { cpu: "CPU", gpu: "GPU", "software gpu": "GPU in software" } as const;

function engineTable(engines: readonly EngineReport[]): string {
  return renderTable(header, engines.map(engineRow), ["verdict", "computes on"]);
}

function engineRow(report: EngineReport): string[] {
  if (report.state === "absent") return [report.name, "not there"];
  if (report.state === "broken") return [report.name, "BROKEN"];
  const { name, state, device, step, memory } = report;
  const mebibytes = (bytes: number | undefined) =>
    bytes === undefined ? "-" : (bytes / 2 ** 20).toFixed(0);
  return [
    name,
    state === "right" ? "computes right" : "COMPUTES WRONGLY",
    devices[device],
    `${step.milliseconds.toFixed(0)} ms, batch ${step.images}`,
    step.imagesPerSecond.toFixed(step.imagesPerSecond < 10 ? 1 : 0),
    mebibytes(memory.tensors),
    mebibytes(memory.process),
  ];
}

function engineLines(report: EngineReport): string {
  const { name } = report;
  if (report.state === "absent") {
    return [`${name}: ${report.reason}`, ...report.remedies.map((remedy) => `  ${remedy}`)].join(
      "\n",
    );
  }
  if (report.state === "broken") return `${name}: ${report.reason}`;
  const checks = report.checks.map(({ name: what, error, allowed }) => {
    const verdict = error <= allowed ? "ok" : "WRONG";
    return `  ${what}: ${verdict}, error ${error.toExponential(1)} (at most ${allowed.toExponential(0)})`;
  });
  return [report.engine, ...checks].join("\n");
}
