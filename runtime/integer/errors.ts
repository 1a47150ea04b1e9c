import type { ValueId } from "../../compiler/ir/graph.ts";

/**
 * A part of a deployed graph that integer arithmetic cannot execute with one exact result, because a sum of unquantized numbers depends on
 * the order of its terms. Quantizing the operands (a policy on that block) gives it one.
 */
export class NoIntegerForm extends Error {
  override readonly name = "NoIntegerForm";
  /** Path in the spec, as `s1.0`. */
  readonly path: string;
  /** Whether it stands at that path, or behind it: a mean has no weight to tell its own. */
  readonly relation: "at" | "behind";
  /** Instruction that has no integer form, as `conv`. */
  readonly op: string;
  /** Which operands are not quantized. */
  readonly operands: readonly string[];
  /** What it computes, in the deploy graph. */
  readonly value: ValueId;

  constructor(path: string, op: string, operands: readonly string[], value: ValueId) {
    const relation = op === "conv" ? "at" : "behind";
    const covered = relation === "at" ? path : "it";
    super(
      `${op} ${relation} ${path} has no integer form: ${operands.join(" and ")} ${operands.length > 1 ? "are" : "is"} not quantized, ` +
        `and a sum of such numbers depends on the engine. Let the quantization policy cover ${covered}, or deploy it in floating point.`,
    );
    this.path = path;
    this.relation = relation;
    this.op = op;
    this.operands = operands;
    this.value = value;
  }
}

/** A quantizer whose step is zero, negative, infinite or not a number. */
export class InvalidStep extends Error {
  override readonly name = "InvalidStep";
  readonly path: string;

  constructor(path: string, step: Float32Array) {
    const at = step.findIndex((s) => !(s > 0 && s < Infinity));
    const where = step.length > 1 ? ` of channel ${at}` : "";
    super(
      `the quantization step${where} at ${path} is ${step[at]}: it must be a positive number. ` +
        `The training run diverged, or the weights are not those of this spec.`,
    );
    this.path = path;
  }
}

/** Weights or an input that do not fit the graph. */
export class WrongTensor extends Error {
  override readonly name = "WrongTensor";
  readonly path: string;

  constructor(path: string, expected: readonly number[], got: readonly number[] | undefined) {
    const found = got ? `has shape [${got.join(", ")}]` : "is missing";
    super(`${path} ${found}; the graph expects [${expected.join(", ")}] (-1: any).`);
    this.path = path;
  }
}
