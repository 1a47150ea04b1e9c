import type { Graph, ValueId } from "../compiler/ir/graph.ts";
import type { Program } from "../compiler/ir/program.ts";

const quantizers: ReadonlySet<string> = new Set(["quantize", "quantize_range"]);

/** A program whose deploy graph computes in floating point with the same merged weights: what its quantizers got, they pass on. */
export function withoutQuantizers(program: Program): Program {
  const { policy: _, ...floating } = program;
  return {
    ...floating,
    deploy: dropQuantizers(program.deploy),
    deployed: program.deployed.filter(({ role }) => role !== "step"),
  };
}

/** A graph whose quantizers pass on what they get. */
export function dropQuantizers({ instructions, outputs }: Graph): Graph {
  const passed = new Map<ValueId, ValueId>();
  const actual = (id: ValueId): ValueId => passed.get(id) ?? id;
  const kept = instructions.flatMap((instruction) => {
    const args = instruction.args.map(actual);
    if (!quantizers.has(instruction.op)) return [{ ...instruction, args }];
    passed.set(instruction.results[0] ?? "", args[0] ?? "");
    return [];
  });
  const used = new Set(kept.flatMap(({ args }) => args));
  const isUsed = (ids: readonly ValueId[]) => ids.some((id) => used.has(id));
  return {
    // Steps are used by nobody now.
    instructions: kept.filter(({ op, results }) => op !== "weight" || isUsed(results)),
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, id]) => [name, actual(id)])),
  };
}
