import type { Graph, Instruction } from "../../compiler/ir/graph.ts";
import type { ValueType } from "../../compiler/ir/types.ts";
import { instructionRows } from "./instruction-rows.ts";
import type { Grid, Lowering } from "./lowering.ts";
import { value } from "./lowering.ts";
import type { Argument, Call, Mode, Plan, WeightValue } from "../../compiler/ir/plan.ts";
import { releaseEarly, type OpenCall } from "./release-early.ts";

interface SharedCall {
  readonly primitive: string;
  readonly args: readonly Argument[];
  readonly fields?: readonly string[];
}

/** Everything that is known about a graph while its instructions are lowered one after another. */
class PlanBuilder {
  readonly mode: Mode;
  readonly weights: WeightValue[] = [];
  readonly updates: Record<string, string> = {};
  readonly calls: OpenCall[] = [];
  input: string | undefined;
  readonly #types = new Map<string, ValueType>();
  /** Where a value is another one under a second name. */
  readonly #aliases = new Map<string, string>();
  readonly #grids = new Map<string, Grid>();
  readonly #dequantized = new Map<string, string>();
  /** Results of shared calls, by primitive and arguments. */
  readonly #shared = new Map<string, readonly Argument[]>();

  constructor(mode: Mode) {
    this.mode = mode;
  }

  add(instruction: Instruction): void {
    const { op, results, types, attributes } = instruction;
    results.forEach((name, n) => this.#types.set(name, types[n]!));
    if (op === "input") this.input = results[0]!;
    else if (op === "weight")
      this.weights.push({ name: results[0]!, path: String(attributes["path"]) });
    else this.#lower(instruction);
  }

  /** The value behind a name, in real numbers. */
  real(name: string): string {
    const source = this.source(name);
    const grid = this.#grids.get(source);
    if (!grid) return source;
    const known = this.#dequantized.get(source);
    if (known !== undefined) return known;
    const dequantized = `${source}.real`;
    this.#dequantized.set(source, dequantized);
    this.push("dequantize", [grid.levels, grid.step], [dequantized], `dequantize ${source}`);
    return dequantized;
  }

  source(name: string): string {
    return this.#aliases.get(name) ?? name;
  }

  push(primitive: string, args: readonly Argument[], results: readonly string[], label: string) {
    const named = results.map((name) => ({ name }));
    this.calls.push({ primitive, arguments: args, results: named, label });
  }

  /** Results are called after the instruction that came first. */
  share(
    owner: string,
    label: string,
    { primitive, args, fields }: SharedCall,
  ): readonly Argument[] {
    const key = JSON.stringify([primitive, args, fields]);
    const known = this.#shared.get(key);
    if (known) return known;
    const name = `${owner}.${primitive}${this.#shared.size}`;
    const results = fields?.map((field) => ({ name: `${name}.${field}`, field })) ?? [{ name }];
    this.calls.push({ primitive, arguments: args, results, label });
    const made = results.map((result) => value(result.name));
    this.#shared.set(key, made);
    return made;
  }

  #lower(instruction: Instruction): void {
    const row = instructionRows[instruction.op];
    if (!row) throw new Error(`repqc bug: unknown instruction ${instruction.op}`);
    const unknown = instruction.args.find((name) => !this.#types.has(name));
    if (unknown !== undefined) {
      throw new Error(`repqc bug: ${unknown} is used before it is computed`);
    }
    row(this.#view(instruction));
  }

  #view(instruction: Instruction): Lowering {
    const { args, results } = instruction;
    const label = describe(instruction);
    const argument = (n: number): string => args.at(n)!;
    return {
      mode: this.mode,
      instruction,
      type: (n) => this.#types.get(argument(n))!,
      argument: (n) => value(this.real(argument(n))),
      grid: (n) => this.#grids.get(this.source(argument(n))),
      call: (primitive, given, named = [{ name: results[0]! }]) =>
        this.calls.push({ primitive, arguments: given, results: named, label }),
      shared: (primitive, given, fields) =>
        this.share(results[0]!, label, { primitive, args: given, ...(fields && { fields }) }),
      alias: (n, known) => {
        if (!("value" in known)) throw new Error(`repqc bug: a result of ${label} is a constant`);
        this.#aliases.set(results[n]!, this.source(known.value));
      },
      callGrid: (primitive, given, step) => {
        this.push(primitive, given, [results[0]!], label);
        this.#grids.set(results[0]!, { levels: value(results[0]!), step });
      },
      update: (n, primitive, given) => {
        const updated = `${results[0]}.${primitive}`;
        this.push(primitive, given, [updated], label);
        this.updates[this.#pathOf(argument(n))] = updated;
      },
    };
  }

  /** Path of the weight that a value is. */
  #pathOf(name: string): string {
    const weight = this.weights.find((one) => one.name === name);
    if (!weight) throw new Error(`repqc bug: ${name} is no weight, so it cannot be updated`);
    return weight.path;
  }
}

/** `conv %34`, or with its path `quantize s1.0.input`. */
function describe({ op, attributes, results }: Instruction): string {
  return `${op} ${attributes["path"] ?? results[0]}`;
}

/** Lowers a graph to calls of primitives for one mode. The same graph and mode give the same plan. */
export function makePlan(graph: Graph, mode: Mode): Plan {
  const builder = new PlanBuilder(mode);
  for (const instruction of graph.instructions) builder.add(instruction);
  const named = Object.entries(graph.outputs).map(([output, name]) => [output, builder.real(name)]);
  const outputs: Readonly<Record<string, string>> = Object.fromEntries(named);
  const needed = new Set([...Object.values(outputs), ...Object.values(builder.updates)]);
  const calls: readonly Call[] = releaseEarly(builder.calls, needed);
  const { weights, updates, input } = builder;
  return { mode, weights, calls, outputs, updates, ...(input === undefined ? {} : { input }) };
}
