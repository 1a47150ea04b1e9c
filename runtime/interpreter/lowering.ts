import { geometryAttributes, readGeometry } from "../../compiler/ir/conv-geometry.ts";
import type { Instruction } from "../../compiler/ir/graph.ts";
import type { ValueType } from "../../compiler/ir/types.ts";
import type { Argument, Literal, Mode, Result } from "../../compiler/ir/plan.ts";

/** What a row of the instruction table sees of one instruction, and what it may do. */
export interface Lowering {
  readonly mode: Mode;
  readonly instruction: Instruction;
  /** Type of the nth argument; negative n count from the end. */
  type(n: number): ValueType;
  /** The nth argument in real numbers; one that is on a grid is dequantized first. */
  argument(n: number): Argument;
  /** Levels and step of the nth argument where it is on a grid, which only mode `eval` has. */
  grid(n: number): Grid | undefined;
  /** Emits a call. Its result is the instruction's, unless `results` says otherwise. */
  call(primitive: string, args: readonly Argument[], results?: readonly Result[]): void;
  /**
   * Results of a call that instructions may have in common: it is made once for the same arguments. One result without
   * `fields`, else one for each.
   */
  shared(
    primitive: string,
    args: readonly Argument[],
    fields?: readonly string[],
  ): readonly Argument[];
  /** The instruction's nth result is a value that is there already. */
  alias(n: number, known: Argument): void;
  /** The instruction's result is levels on a grid, computed by the call. */
  callGrid(primitive: string, args: readonly Argument[], step: Argument): void;
  /** A value that replaces the running statistic given as the nth argument once the step is done. */
  update(n: number, primitive: string, args: readonly Argument[]): void;
}

export interface Grid {
  readonly levels: Argument;
  readonly step: Argument;
}

/** Lowers one instruction: one row of the table. */
export type Row = (lowering: Lowering) => void;

export function value(name: string): Argument {
  return { value: name };
}

export function literal(constant: Literal): Argument {
  return { literal: constant };
}

/** An attribute as a constant argument. */
export function attribute({ instruction }: Lowering, name: string): Argument {
  const constant = instruction.attributes[name];
  if (constant === undefined) {
    throw new Error(`repqc bug: ${instruction.op} without its attribute ${name}`);
  }
  return literal(constant);
}

/** The row of an instruction that is one primitive: all arguments, then the named attributes. */
export function direct(primitive: string, ...attributes: readonly string[]): Row {
  return (lowering) => {
    const args = lowering.instruction.args.map((_, n) => lowering.argument(n));
    const constants = attributes.map((name) => attribute(lowering, name));
    lowering.call(primitive, [...args, ...constants]);
  };
}

/** How public code of LSQ differs, where the instruction says so: an argument or none. */
export function conventions({ instruction: { attributes } }: Lowering): readonly Argument[] {
  const given = ["gradient", "mask", "batch"].flatMap((name) => {
    const constant = attributes[name];
    return constant === undefined ? [] : [[name, constant] as const];
  });
  return given.length === 0 ? [] : [literal(Object.fromEntries(given))];
}

/** Whether the taps of a convolution have gaps between them. */
export function isDilated({ instruction }: Lowering): boolean {
  return readGeometry(instruction.attributes).dilation > 1;
}

/** Where a convolution's windows lie, as primitives are told. */
export function geometry({ instruction }: Lowering): Argument {
  return literal(geometryAttributes(readGeometry(instruction.attributes)));
}
