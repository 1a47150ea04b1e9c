import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic } from "../diagnostics/index.ts";
import type {
  AddNode,
  AffineStep,
  Island,
  MapNode,
  Model,
  Node,
  NodeId,
  NodeQuantizers,
  Policy,
  PolicySettings,
  QuantizedModel,
  Quantizer,
  QuantizerSetting,
  StatisticsMode,
} from "../ir/index.ts";
import { weightPath } from "../ir/index.ts";
import { limits } from "../limits.ts";
import { offsetQuantizers } from "../quantizer-names.ts";
import { branchConvolutions, type BranchConvolution } from "./branch-quantizers.ts";
import { inBranches, placesOf, type Place } from "./places.ts";
import { ClippedPlaces, reportClipped } from "./report-clipped.ts";
import { matches } from "./select.ts";
import { reportIdle } from "./report-idle.ts";

export interface Quantized {
  readonly quantized: QuantizedModel;
  readonly diagnostics: readonly Diagnostic[];
}

/** A model that computes in floating point. */
export function unquantized(model: Model): QuantizedModel {
  return { model, policy: "", on: "merged", quantizers: new Map(), statistics: new Map() };
}

/**
 * Places a policy's quantizers: one for the input of every island, one for its merged kernel, one in front of every op that sums positions,
 * and, where the policy has a setting for `sums`, one for each operand of a sum.
 */
export function quantize(model: Model, policy: Policy): Quantized {
  const places = placesOf(model);
  const excess = tooMuch(policy, places);
  if (excess.length > 0) return { quantized: unquantized(model), diagnostics: excess };
  const quantizers = new Map<NodeId, NodeQuantizers>();
  const branches = new Map<AffineStep, NodeQuantizers>();
  const inside: Place[] = [];
  const clipped = new ClippedPlaces(model);
  const statistics = new Map<NodeId, StatisticsMode>();
  for (const place of places) {
    const node = model.nodes[place.id];
    const settings = settingsAt(policy, place);
    if (node?.kind === "island") {
      const found = islandQuantizers(model, node, settings);
      quantizers.set(place.id, found);
      statistics.set(place.id, settings.bn);
      if (policy.on !== "branches") {
        clipped.visit(node, settings.activations, found);
        continue;
      }
      for (const convolution of branchConvolutions(node)) {
        const own = { ...place, path: convolution.step.path, settings: inBranches };
        const ownSettings = settingsAt(policy, own);
        const quantized = stepQuantizers(model, node, convolution, ownSettings);
        clipped.visit(node, ownSettings.activations, quantized, !convolution.seesInput);
        branches.set(convolution.step, quantized);
        inside.push(own);
      }
    } else if (node?.kind === "map") {
      const found = barrierQuantizers(model, node, settings);
      quantizers.set(place.id, found);
      clipped.visit(node, settings.activations, found);
    } else if (node?.kind === "add") {
      const found = sumQuantizers(model, node, settings);
      quantizers.set(place.id, found);
      clipped.visit(node, settings.sums, found);
    }
  }
  const { call, on } = policy;
  const quantized = { model, policy: call, on, quantizers, branches, statistics };
  const idle = reportIdle(model, policy, [...places, ...inside]);
  return { quantized, diagnostics: [...idle, ...reportClipped(model, policy, clipped)] };
}

/** Trying every selector everywhere is bounded like all other work (rule S15). */
function tooMuch(policy: Policy, places: readonly Place[]): readonly Diagnostic[] {
  const selectors = policy.overrides.flatMap((override) => override.selectors);
  if (selectors.length * places.length <= limits.work) return [];
  const parameters = { name: policy.name, limit: limits.work };
  return [diagnostic("limit/work", selectors[0]?.span, parameters)];
}

function settingsAt(policy: Policy, place: Place): PolicySettings {
  return policy.overrides
    .filter(({ selectors }) => selectors.some((selector) => matches(selector, place)))
    .reduce((settings, override) => ({ ...settings, ...override.settings }), policy.base);
}

function islandQuantizers(
  model: Model,
  island: Island,
  { weights, activations }: PolicySettings,
): NodeQuantizers {
  return {
    ...(weights !== "none" && { kernel: kernelQuantizer(island, weights) }),
    ...(activations !== "none" && {
      input: inputQuantizer(model, island, activations, `input of ${island.label}`),
    }),
  };
}

/** Of one convolution of a branch; what is behind another op may be negative whatever enters the block. */
function stepQuantizers(
  model: Model,
  island: Island,
  { step, seesInput }: BranchConvolution,
  { weights, activations }: PolicySettings,
): NodeQuantizers {
  const { path } = step;
  const label = `${step.op.name} in ${island.label}`;
  const sign = seesInput ? signBefore(model, island) : "any";
  return {
    ...(weights !== "none" && { kernel: kernelQuantizer({ path, label }, weights) }),
    ...(activations !== "none" && {
      input: activationQuantizer(
        { path: weightPath(path, "input"), sign },
        activations,
        `input of ${label}`,
      ),
    }),
  };
}

function kernelQuantizer(
  { path, label }: Pick<Island, "path" | "label">,
  setting: QuantizerSetting,
): Quantizer {
  const reason = `kernel of ${label}`;
  return {
    ...levels(setting, setting.signed !== false),
    granularity: setting.per,
    path: weightPath(path, "kernel"),
    reason,
    options: setting.options,
  };
}

function inputQuantizer(
  model: Model,
  node: Island | MapNode,
  setting: QuantizerSetting,
  what: string,
): Quantizer {
  const sign = signBefore(model, node);
  return activationQuantizer({ path: weightPath(node.path, "input"), sign }, setting, what);
}

function activationQuantizer(
  { path, sign }: { readonly path: string; readonly sign: Node["sign"] },
  setting: QuantizerSetting,
  what: string,
): Quantizer {
  const isSigned = setting.signed === "auto" ? sign === "any" : setting.signed;
  const why = sign === "any" ? "may be negative" : "never negative";
  const offset = isSigned ? offsetQuantizers[setting.quantizer] : undefined;
  return {
    // With a zero point of its own a grid begins at level 0.
    ...levels(setting, isSigned && offset === undefined),
    ...(offset !== undefined && { quantizer: offset }),
    granularity: "tensor",
    path,
    reason: `${what}, ${why}`,
    options: setting.options,
  };
}

function signBefore(model: Model, { input }: Island | MapNode): Node["sign"] {
  return model.nodes[input]?.sign ?? "any";
}

/** A mean over positions is exact only of numbers on a grid; eight bits at least, for it is no convolution and costs nothing. */
function barrierQuantizers(
  model: Model,
  node: MapNode,
  { activations }: PolicySettings,
): NodeQuantizers {
  if (activations === "none") return {};
  const setting = { ...activations, bits: Math.max(8, activations.bits) };
  return { input: inputQuantizer(model, node, setting, `input of ${node.op.name}`) };
}

/**
 * Float32 adds two numbers of any kind the same way everywhere, so our exact form needs no grid here: these are for engines that hold every
 * activation as integers.
 */
function sumQuantizers(
  { nodes }: Model,
  { inputs: [left, right], path }: AddNode,
  { sums }: PolicySettings,
): NodeQuantizers {
  if (sums === "none") return {};
  const operand = (name: "left" | "right", id: NodeId) => {
    const place = { path: weightPath(path, name), sign: nodes[id]?.sign ?? "any" };
    return activationQuantizer(place, sums, `${name} operand of a sum`);
  };
  return { left: operand("left", left), right: operand("right", right) };
}

/** LSQ's ranges: unsigned 0..2^b - 1, signed -2^(b-1)..2^(b-1) - 1. */
function levels(
  { quantizer, bits }: QuantizerSetting,
  isSigned: boolean,
): Pick<Quantizer, "quantizer" | "bits" | "low" | "high"> {
  const half = 2 ** (bits - 1);
  return { quantizer, bits, low: isSigned ? -half : 0, high: isSigned ? half - 1 : 2 * half - 1 };
}
