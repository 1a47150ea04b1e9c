import type { Graph, Instruction, ValueId } from "../../../compiler/ir/graph.ts";
import type { DeployedWeights } from "../../integer/index.ts";
import type { HostTensor } from "../../safetensors.ts";

/** A graph with a second output `terms`, and what it needs besides the deployed weights. */
export interface GraphWithTerms {
  readonly graph: Graph;
  readonly weights: ReadonlyMap<string, HostTensor>;
}

const sums: readonly string[] = ["conv", "global_avg"];

/**
 * Adds to a deploy graph in floating point how large the terms of each output are: the last sums before it (convolutions and means, and the
 * additions behind them) once more over magnitudes, Σ|x|·|k| + |bias|. A rounding error is relative to that, not to what is left where terms cancel.
 */
export function withTermSizes(graph: Graph, weights: DeployedWeights): GraphWithTerms {
  const builder = new Builder(graph, weights);
  const output = graph.outputs["output"] ?? "";
  const terms = builder.sizeOf(output);
  const instructions = [...graph.instructions, ...builder.added];
  return { graph: { instructions, outputs: { output, terms } }, weights: builder.weights };
}

class Builder {
  readonly added: Instruction[] = [];
  readonly weights: Map<string, HostTensor>;
  private readonly byResult: ReadonlyMap<ValueId, Instruction>;
  private readonly sizes = new Map<ValueId, ValueId>();

  constructor(graph: Graph, weights: DeployedWeights) {
    this.weights = new Map(weights);
    this.byResult = new Map(graph.instructions.map((one) => [one.results[0] ?? "", one]));
  }

  /** The value that holds a value's size. */
  sizeOf(id: ValueId): ValueId {
    const known = this.sizes.get(id);
    if (known !== undefined) return known;
    const size = this.build(this.instruction(id));
    this.sizes.set(id, size);
    return size;
  }

  private build(instruction: Instruction): ValueId {
    const { op, args } = instruction;
    const [x = "", second = ""] = args;
    if (op === "input") return this.absolute(instruction.results[0] ?? "");
    if (sums.includes(op)) {
      const vectors = args.slice(1).map((arg) => this.weight(arg, Math.abs));
      return this.add(instruction, op, [this.absolute(x), ...vectors]);
    }
    switch (op) {
      case "relu":
      case "negate":
        return this.sizeOf(x);
      case "subtract":
        return this.add(
          instruction,
          "add",
          args.map((arg) => this.sizeOf(arg)),
        );
      case "prelu": {
        const slope = this.weight(second, (number) => Math.max(1, Math.abs(number)));
        return this.add(instruction, "scale_channels", [this.sizeOf(x), slope]);
      }
      case "scale_channels":
      case "add_channels":
        return this.add(instruction, op, [this.sizeOf(x), this.weight(second, Math.abs)]);
      default:
        return this.add(
          instruction,
          op,
          args.map((arg) => this.sizeOf(arg)),
        );
    }
  }

  /** |x| as max(x, 0) + max(-x, 0): one of the two is zero. */
  private absolute(id: ValueId): ValueId {
    const source = this.instruction(id);
    const negative = this.add(source, "negate", [id], {});
    const parts = [id, negative].map((part) => this.add(source, "relu", [part], {}));
    return this.add(source, "add", parts, {});
  }

  /** A weight's numbers changed one by one, under a path of their own. */
  private weight(id: ValueId, change: (number: number) => number): ValueId {
    const source = this.instruction(id);
    const { op, args } = source;
    // The levels of a kernel are as large as the kernel.
    if (op === "quantize") return this.weight(args[0] ?? "", change);
    const path = String(source.attributes["path"]);
    const tensor = this.weights.get(path);
    if (op !== "weight" || !tensor) throw new Error(`repqc bug: ${id} is no weight`);
    const own = `terms of ${id}`;
    this.weights.set(own, { shape: tensor.shape, data: tensor.data.map(change) });
    return this.add(source, "weight", [], { ...source.attributes, path: own });
  }

  private add(
    { types, attributes }: Instruction,
    op: string,
    args: readonly ValueId[],
    own: Instruction["attributes"] = attributes,
  ): ValueId {
    const result = `%terms${this.added.length}`;
    this.added.push({ op, args, results: [result], types, attributes: own });
    return result;
  }

  private instruction(id: ValueId): Instruction {
    const found = this.byResult.get(id);
    if (!found) throw new Error(`repqc bug: ${id} is not defined`);
    return found;
  }
}
