import { Command, Option } from "commander";
import type { DeployedSpec, Initial, Program, WeightSpec } from "../../compiler/ir/index.ts";
import { compileEntry } from "../compile-entry.ts";
import { grouped, renderTable } from "../table.ts";
import { addEntryOptions, type EntryOptions } from "../entry-options.ts";
import type { ReportFormat } from "../report.ts";
import type { Session } from "../session.ts";

export interface WeightsOptions extends EntryOptions {
  readonly format: ReportFormat;
}

export function weightsCommand(session: Session): Command {
  const command = new Command("weights")
    .description("List the weights of a model or block: paths, shapes, roles, how they begin.")
    .argument("<file>", "a spec, or repq:... for one of the standard library");
  return addEntryOptions(command)
    .addOption(
      new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"),
    )
    .action((file: string, options: WeightsOptions) =>
      session.end(weights(file, options, session)),
    );
}

/** Prints what weights a program has. @returns the exit code */
export function weights(
  file: string,
  options: WeightsOptions,
  { terminal }: Pick<Session, "terminal">,
): number {
  const { program } = compileEntry(file, options, terminal);
  terminal.write(options.format === "json" ? asJson(program) : asText(program));
  return 0;
}

/** How many numbers; statistics follow the data instead of learning. */
function countParameters({ weights: specs, deployed }: Program) {
  const of = (isCounted: (spec: WeightSpec) => boolean) => sum(specs.filter(isCounted));
  return {
    trained: of(({ role }) => role !== "statistic"),
    steps: of(({ role }) => role === "step"),
    statistics: of(({ role }) => role === "statistic"),
    deployed: sum(deployed),
  };
}

function sum(specs: readonly (WeightSpec | DeployedSpec)[]): number {
  return specs.reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0);
}

function asJson(program: Program): string {
  const { entry, policy, input, weights: specs, deployed } = program;
  const parameters = countParameters(program);
  const quantization = policy === undefined ? {} : { policy };
  const all = { entry, ...quantization, input, weights: specs, deployed, parameters };
  return `${JSON.stringify(all, undefined, 2)}\n`;
}

function asText(program: Program): string {
  const rows = program.weights.map(({ path, shape, role, initial }) => [
    path,
    `[${shape.join(", ")}]`,
    role,
    inWords(initial),
  ]);
  const { trained, steps, statistics, deployed } = countParameters(program);
  const parts = [
    `${grouped(trained)} trained parameters`,
    ...(steps > 0 ? [`of them ${grouped(steps)} steps`] : []),
    `${grouped(statistics)} running statistics`,
    `${grouped(deployed)} parameters deployed`,
  ];
  return `${renderTable(["weight", "shape", "role", "begins"], rows)}\n\n${parts.join(", ")}\n`;
}

function inWords(initial: Initial): string {
  switch (initial.kind) {
    case "constant":
      return `at ${initial.value}`;
    case "uniform":
      return `uniform in ±${initial.bound.toPrecision(4)}`;
    case "normal":
      return `normal, deviation ${initial.deviation.toPrecision(4)}`;
    case "step":
      return initial.of === "kernel" ? "from the merged kernel" : "from the first batch";
  }
}
