import type { Selector } from "../../grammar/ast.ts";
import type { Options, StatisticsMode } from "./model.ts";

/** One quantizer as a policy asks for it. */
export interface QuantizerSetting {
  readonly quantizer: string;
  readonly bits: number;
  readonly per: "channel" | "tensor";
  readonly signed: boolean | "auto";
  /** The quantizer's own, those that differ from its defaults and those it cannot do without. */
  readonly options: Options;
}

/** What a policy says of one place; `none`: floating point. */
export interface PolicySettings {
  readonly weights: QuantizerSetting | "none";
  readonly activations: QuantizerSetting | "none";
  /** Of the operands of `+` between flows. */
  readonly sums: QuantizerSetting | "none";
  readonly bn: StatisticsMode;
}

/** A `quant` declaration with its parameters settled. */
export interface Policy {
  readonly name: string;
  /** The name with all parameters, as `RepQ(bits: 8)`. */
  readonly call: string;
  readonly on: "merged" | "after_merge" | "branches";
  readonly base: PolicySettings;
  /** The later matching one wins (rule S10). */
  readonly overrides: readonly {
    readonly selectors: readonly Selector[];
    readonly settings: Partial<PolicySettings>;
  }[];
}
