import type { GraphSite } from "./graph-site.ts";
import { argument } from "./graph-site.ts";
import type { WriteInstruction } from "./write-graph.ts";

/** How a format writes an operation on activations. */
export interface OperationWriter<Value, Context, Attributes> {
  /** Name of an activation as float32. */
  readonly floats: (site: GraphSite & Context, value: Value) => string;
  /** Name of a constant with a number for each channel. */
  readonly vector: (site: GraphSite & Context, value: Value) => string;
  readonly node: (
    site: GraphSite & Context,
    op: string,
    inputs: readonly string[],
    attributes: Attributes | undefined,
  ) => Value;
}

/** Rows of an instruction table for what a format has as one operation. */
export function operationRows<Value, Context, Attributes>({
  floats,
  vector,
  node,
}: OperationWriter<Value, Context, Attributes>) {
  type Site = GraphSite & Context;
  type Row = WriteInstruction<Value, Context>;
  return {
    /** On activations; `more` adds inputs behind them. */
    operation:
      (
        op: string,
        more: (site: Site) => readonly string[] = () => [],
        attributes?: (site: Site) => Attributes,
      ): Row =>
      (args, site) => {
        const inputs = [...args.map((arg) => floats(site, arg)), ...more(site)];
        return node(site, op, inputs, attributes?.(site));
      },
    /** On an activation and a vector per channel. */
    perChannel:
      (op: string): Row =>
      (args, site) => {
        const inputs = [floats(site, argument(args, 0)), vector(site, argument(args, 1))];
        return node(site, op, inputs, undefined);
      },
  };
}

/** Name of what an instruction computes, as `s1.0.relu`. */
export function nameOf({ path, instruction }: GraphSite): string {
  return `${path}.${instruction.op}`;
}
