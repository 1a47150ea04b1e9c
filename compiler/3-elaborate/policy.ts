import type { Call, Chain, Declaration, Expression, Quant, Setting } from "../../grammar/index.ts";
import { textOf } from "../../grammar/index.ts";
import { enumerate, suggest, type Diagnostic } from "../diagnostics/index.ts";
import type { Scope } from "../handover.ts";
import type { Policy, PolicySettings, QuantizerSetting, StatisticsMode } from "../ir/index.ts";
import { bitRange, quantizerNames, quantizerOptions, statisticsModes } from "../quantizer-names.ts";
import { matchArguments } from "./arguments.ts";
import type { Environment } from "./context.ts";
import { evaluate, evaluateNumber } from "./evaluate.ts";
import { readOptions } from "./policy-options.ts";
import { settleSelector } from "./selector.ts";
import type { Session } from "./session.ts";
import { elaborateSettings, readWord } from "./settings.ts";
import { describe } from "./value.ts";

/** What a policy says where it is silent: floating point, statistics of the batch. */
const silent: PolicySettings = {
  weights: "none",
  activations: "none",
  sums: "none",
  bn: { mode: "batch", options: {} },
};

const placements = ["merged", "after_merge", "branches"] as const;

/** The policy that `call` names, with arguments. */
export function elaboratePolicy(
  scope: Scope,
  call: Call,
  mayGuess = false,
  session?: Session,
): { policy?: Policy; diagnostics: readonly Diagnostic[] } {
  const kind = { isKind: isPolicy, unknown: "config/unknown-policy", read: readPolicy } as const;
  const { settings, diagnostics } = elaborateSettings(kind, scope, call, mayGuess, session);
  return { ...(settings && { policy: settings }), diagnostics };
}

function isPolicy(declaration: Declaration): declaration is Quant {
  return declaration.kind === "quant";
}

function readPolicy(environment: Environment, declaration: Quant): Policy {
  const { context } = environment;
  const { on = "merged", ...base } = readSettings(environment, declaration.settings);
  const overrides = declaration.ats.map(({ selectors, settings }) => {
    const { on: misplaced, ...own } = readSettings(environment, settings);
    if (misplaced !== undefined) {
      const span = settings.find((setting) => setting.name.text === "on")?.name.span;
      context.abandon("quant/unknown-setting", span, {
        name: "on",
        known: "`weights`, `activations`, `sums` or `bn` inside `at`",
      });
    }
    const settled = selectors.map((selector) => settleSelector(environment, selector));
    return { selectors: settled, settings: own };
  });
  const name = declaration.name.text;
  const call = settledCall(environment, declaration);
  return { name, call, on, base: { ...silent, ...base }, overrides };
}

/** `RepQ(bits: 8)`: also what was left to its default. */
function settledCall({ values }: Environment, { name, params }: Quant): string {
  const settled = params.map((param) => {
    const value = values.get(param.name.text);
    if (value === undefined) throw new Error("repqc bug: a parameter without a value");
    return `${param.name.text}: ${describe(value)}`;
  });
  return settled.length === 0 ? name.text : `${name.text}(${settled.join(", ")})`;
}

type Read = Partial<PolicySettings> & { readonly on?: Policy["on"] };

function readSettings(environment: Environment, settings: readonly Setting[]): Read {
  return Object.assign({}, ...settings.map((setting) => readSetting(environment, setting))) as Read;
}

function readSetting(environment: Environment, { name, value }: Setting): Read {
  switch (name.text) {
    case "weights":
      return { weights: readQuantizer(environment, value, "weights") };
    case "activations":
      return { activations: readQuantizer(environment, value, "activations") };
    case "sums":
      return { sums: readQuantizer(environment, value, "activations") };
    case "bn":
      return { bn: readStatistics(environment, value) };
    case "on":
      return { on: readWord(environment, value, "on", placements) };
    default:
      return {};
  }
}

const defaults = {
  weights: { per: "channel", signed: true },
  activations: { per: "tensor", signed: "auto" },
} as const;

/** Arguments of every quantizer. */
const common = ["bits", "per", "signed"];

/** A step per channel of activations would not leave the sum over channels. */
const granularities = {
  weights: ["channel", "tensor"],
  activations: ["tensor"],
} as const satisfies Record<string, readonly QuantizerSetting["per"][]>;

function readQuantizer(
  environment: Environment,
  value: Expression | Chain,
  setting: "weights" | "activations",
): QuantizerSetting | "none" {
  const { context } = environment;
  if (value.kind !== "call") {
    const found = value.kind === "chain" ? "a chain" : describe(evaluate(environment, value));
    return context.abandon("type/mismatch", value.span, {
      what: "a quantizer",
      expected: "such as `lsq(bits: 4)`, or `none`",
      found,
    });
  }
  const quantizer = value.name.text;
  if (quantizer === "none") return "none";
  const rules = Object.hasOwn(quantizerOptions, quantizer)
    ? quantizerOptions[quantizer]
    : undefined;
  if (!rules) {
    const parameters = {
      name: quantizer,
      suggestion: suggest(quantizer, quantizerNames),
      known: enumerate(quantizerNames, "and"),
    };
    return context.abandon("quant/unknown-quantizer", value.name.span, parameters);
  }
  const own = Object.keys(rules);
  // What only one quantizer has is said by name.
  const isLabelled = (value.args ?? []).filter(({ label }) => !label).length <= common.length;
  const known = isLabelled ? [...common, ...own] : common;
  const given = matchArguments(environment, value, known, quantizer);
  const [per, signed] = [given.get("per"), given.get("signed")];
  return {
    quantizer,
    bits: readBits(environment, value, given.get("bits")?.value),
    per: per
      ? readWord(environment, per.value, "per", granularities[setting])
      : defaults[setting].per,
    signed: signed ? readSigned(environment, signed.value) : defaults[setting].signed,
    options: readOptions(environment, given, rules),
  };
}

function readBits(
  environment: Environment,
  call: Call,
  value: Expression | Chain | undefined,
): number {
  const { context } = environment;
  const quantizer = call.name.text;
  if (!value) {
    return context.abandon("type/missing-argument", call.span, {
      owner: quantizer,
      name: "bits",
      example: "bits: 4",
    });
  }
  const bits = evaluateNumber(environment, value, "bits");
  const { least, most } = bitRange;
  if (Number.isInteger(bits) && bits >= least && bits <= most) return bits;
  return context.abandon("quant/bits", value.span, {
    quantizer,
    bits,
    expected: `${least} to ${most} bits`,
  });
}

function readSigned(environment: Environment, value: Expression | Chain): boolean | "auto" {
  const word = readWord(environment, value, "signed", ["true", "false", "auto"]);
  return word === "auto" ? word : word === "true";
}

function readStatistics(environment: Environment, value: Expression | Chain): StatisticsMode {
  const { context } = environment;
  const modes = Object.keys(statisticsModes);
  const mode = value.kind === "call" ? value.name.text : textOf(value.span);
  const rules = Object.hasOwn(statisticsModes, mode) ? statisticsModes[mode] : undefined;
  if (!rules || value.kind !== "call") {
    const parameters = {
      value: mode,
      setting: "bn",
      suggestion: suggest(mode, modes),
      known: enumerate(modes, "or"),
    };
    return context.abandon("name/unknown-value", value.span, parameters);
  }
  const given = matchArguments(environment, value, Object.keys(rules), mode);
  const options = readOptions(environment, given, rules);
  if (mode === "sampled" && options["images"] === undefined && options["lattice"] === undefined) {
    const name = "images` or `lattice";
    const help = "write `sampled(images: 0.25)` or `sampled(lattice: 4)`";
    context.abandon("type/missing-argument", value.span, { owner: mode, name }, { help });
  }
  return { mode, options };
}
