/**
 * What the forms of a block cost. Multiply-accumulates are those of one image, as papers count them: convolutions with their padding, and one
 * for every value that is multiplied by a factor of its channel; additions of branches, activations and means take none. Parameters are what
 * gradients train, without running statistics and quantizers' steps.
 */
import { counts } from "../algebra/counts.ts";
import type { WeightDeclarations } from "../ops/index.ts";
import type { AffineStep } from "./affine.ts";
import { declarationsOf, extentOf, stepsOf } from "./affine.ts";
import { activationQuantizers } from "./model.ts";
import type {
  Island,
  MapNode,
  Model,
  NodeId,
  NodeQuantizers,
  QuantizedModel,
  Quantizer,
} from "./model.ts";
import { placesOf, strideBearers, type Place } from "./place.ts";
import { channelsOf, type ValueType } from "./types.ts";

export interface Cost {
  readonly multiplyAccumulates: number;
  readonly parameters: number;
  /** Of all numbers that the form needs: running statistics of the branches and steps of quantizers too. */
  readonly bytes: number;
}

/** The branches as they are written, op by op; the one convolution in floating point; and that with the policy's quantizers. */
export interface FormCosts {
  readonly branches: Cost;
  readonly merged: Cost;
  readonly deployed: Cost;
}

export interface NodeCost extends FormCosts {
  readonly id: NodeId;
  readonly path: string;
  readonly label: string;
}

/** Of every node that has parameters or multiplies, and of all together. */
export interface ModelCost {
  readonly nodes: readonly NodeCost[];
  readonly total: FormCosts;
}

const floatBytes = 4;
const nothing: Cost = { multiplyAccumulates: 0, parameters: 0, bytes: 0 };

export function costOf({ model, on, quantizers }: QuantizedModel): ModelCost {
  const nodes = model.nodes.flatMap((node, id): readonly NodeCost[] => {
    // Quantized branches cannot be merged to quantized convolutions: their deployed form is in floating point.
    const own = on === "branches" ? {} : (quantizers.get(id) ?? {});
    if (node.kind === "island") {
      const costs = islandCosts(node, inputOf(model, node), own);
      return [{ id, path: node.path, label: node.label, ...costs }];
    }
    if (node.kind === "input") return [];
    const costs = node.kind === "add" ? sumCosts(own) : barrierCosts(node, own);
    if (costs.deployed.bytes === 0) return [];
    const label = node.kind === "add" ? "sum" : node.op.name;
    return [{ id, path: node.path, label, ...costs }];
  });
  const form = (name: keyof FormCosts) => nodes.map((node) => node[name]).reduce(add, nothing);
  return {
    nodes,
    total: { branches: form("branches"), merged: form("merged"), deployed: form("deployed") },
  };
}

/** Type of what enters a node. */
export function inputOf(model: Model, { input }: Island | MapNode): ValueType {
  const type = model.nodes[input]?.type;
  if (!type) throw new Error(`repqc bug: there is no node ${input}`);
  return type;
}

function add(a: Cost, b: Cost): Cost {
  return {
    multiplyAccumulates: a.multiplyAccumulates + b.multiplyAccumulates,
    parameters: a.parameters + b.parameters,
    bytes: a.bytes + b.bytes,
  };
}

function islandCosts(island: Island, input: ValueType, quantizers: NodeQuantizers): FormCosts {
  const { body } = island;
  const merged = mergedMultiplications(island);
  const kernel = kernelSize(island);
  const parameters = kernel + body.out;
  const count = { multiplyAccumulates: merged, parameters };
  const bytes = storedBytes(kernel, quantizers.kernel) + body.out * floatBytes;
  return {
    branches: {
      multiplyAccumulates: branchMultiplications(island, input),
      ...declared(stepsOf(body).map(declarationsOf)),
    },
    merged: { ...count, bytes: parameters * floatBytes },
    deployed: { ...count, bytes: bytes + stepBytes(quantizers, body.out) },
  };
}

/** A barrier is the same in all forms, but for its quantizer. */
function barrierCosts({ op, params, type }: MapNode, quantizers: NodeQuantizers): FormCosts {
  const own = { multiplyAccumulates: 0, ...declared([op.weights(params, channelsOf(type))]) };
  const deployed = { ...own, bytes: own.bytes + stepBytes(quantizers, 0) };
  return { branches: own, merged: own, deployed };
}

function declared(all: readonly WeightDeclarations[]): Pick<Cost, "parameters" | "bytes"> {
  const weights = all.flatMap((declarations) => Object.values(declarations));
  const sizes = (isCounted: (role: string) => boolean) =>
    weights
      .filter(({ role }) => isCounted(role))
      .reduce((sum, { shape }) => sum + product(shape), 0);
  return {
    parameters: sizes((role) => role !== "statistic" && role !== "step"),
    bytes: sizes(() => true) * floatBytes,
  };
}

/** Integers of up to 4 bits lie two in a byte, others of up to 8 in one. */
function storedBytes(count: number, quantizer: Quantizer | undefined): number {
  if (!quantizer) return count * floatBytes;
  return quantizer.bits <= 4 ? Math.ceil(count / 2) : count;
}

/** Adding multiplies nothing and has no weights: there are only the steps of its quantizers. */
function sumCosts(quantizers: NodeQuantizers): FormCosts {
  return {
    branches: nothing,
    merged: nothing,
    deployed: { ...nothing, bytes: stepBytes(quantizers, 0) },
  };
}

function stepBytes(quantizers: NodeQuantizers, channels: number): number {
  const { kernel } = quantizers;
  const ofKernel = kernel?.granularity === "channel" ? channels : 1;
  return (activationQuantizers(quantizers).length + (kernel ? ofKernel : 0)) * floatBytes;
}

function kernelSize({ body, promised: { size, groups } }: Island): number {
  return size.height * size.width * (body.in / groups) * body.out;
}

/** Multiply-accumulates of the one convolution. */
export function mergedMultiplications(island: Island): number {
  const { type } = island;
  return kernelSize(island) * (type.kind === "map" ? type.height * type.width : 1);
}

/** Multiply-accumulates of the branches, each op at its own place: before the stride is taken, and as far into the padding as it reaches. */
export function branchMultiplications({ body, promised }: Island, input: ValueType): number {
  const places = placesOf(body, promised);
  const bearers = strideBearers(body);
  return stepsOf(body).reduce((sum, step) => {
    const place = places.get(step);
    if (!place) throw new Error("repqc bug: a step without a place");
    const stride = place.stride * (bearers.has(step) ? promised.stride : 1);
    return sum + multiplicationsAt(step) * positionsBehind(step, place, stride, input);
  }, 0);
}

/** Multiplications for one position of a step's output. */
function multiplicationsAt(step: AffineStep): number {
  const weights = Object.entries(declarationsOf(step));
  const values = Object.fromEntries(weights.map(([name, { shape }]) => [name, product(shape)]));
  const channels = { in: step.in, out: step.out };
  const { kernel, scale } = step.op.affine(counts, values as never, step.params, channels);
  return kernel ?? scale ?? 0;
}

function positionsBehind(
  step: AffineStep,
  { margin, extent }: Place,
  stride: number,
  input: ValueType,
): number {
  if (input.kind !== "map") return 1;
  const own = extentOf(step);
  const side = (size: number, a: 0 | 2, b: 1 | 3) => {
    const taps = extent[a] + extent[b] + own[a] + own[b];
    return Math.floor((size + margin[a] + margin[b] - taps - 1) / stride) + 1;
  };
  return side(input.height, 0, 1) * side(input.width, 2, 3);
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
