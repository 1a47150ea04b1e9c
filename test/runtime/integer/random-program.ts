import type { Attribute } from "../../../compiler/ir/graph.ts";
import type { Program } from "../../../compiler/ir/program.ts";
import { channelsOf } from "../../../compiler/ir/types.ts";
import type { HostTensor } from "../../../runtime/safetensors.ts";
import { DeployDraft } from "./deploy-draft.ts";
import { plainLayer, type Choice, type Layer } from "./random-choice.ts";

type Attributes = Readonly<Record<string, Attribute>>;

export interface RandomProgram {
  readonly program: Program;
  readonly weights: Map<string, HostTensor>;
  readonly input: HostTensor;
}

/** Numbers in [-1, 1) from a seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

class Net {
  readonly draft = new DeployDraft();
  readonly random: () => number;
  readonly choice: Choice;
  current: string;
  private blocks = 0;
  private isUnsigned = false;

  constructor(choice: Choice) {
    this.choice = choice;
    this.random = randomNumbers(choice.seed);
    this.current = this.draft.add("input", [], { kind: "map", shape: [6, 5, 4] });
  }

  numbers(length: number, scale: number): Float32Array {
    const grid = 2 ** -5;
    return Float32Array.from({ length }, () => {
      const value = this.random() * scale;
      return this.choice.isDyadic ? Math.round(value / grid) * grid : value;
    });
  }

  /** Positive steps around `size`. */
  steps(length: number, size: number): Float32Array {
    return Float32Array.from({ length }, () => {
      const step = size * (1.2 + this.random());
      return this.choice.isDyadic ? 2 ** Math.round(Math.log2(step)) : step;
    });
  }

  map() {
    const type = this.draft.typeOf(this.current);
    if (type.kind !== "map") throw new Error("not a map");
    return type;
  }

  private isQuantized(operand: "input" | "kernel"): boolean {
    const { quantizes = "both" } = this.choice;
    return quantizes === "both" || quantizes === operand;
  }

  quantizeInput(path: string): string {
    if (!this.isQuantized("input")) return this.current;
    const { inputBits: bits } = this.choice;
    const step = this.steps(1, 4 / 2 ** bits);
    const [low, high] = this.isUnsigned
      ? [0, 2 ** bits - 1]
      : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
    const id = this.draft.weight(`${path}.input.step`, "step", { kind: "scalar", shape: [] }, step);
    const attributes = { quantizer: "lsq", bits, low, high, path: `${path}.input` };
    return this.draft.add("quantize", [this.current, id], attributes);
  }

  conv(layer: Layer): void {
    const path = `s.${this.blocks++}`;
    const type = this.draft.typeOf(this.current);
    const channels = channelsOf(type);
    const groups =
      { one: 1, two: channels % 2 === 0 ? 2 : 1, depthwise: channels }[layer.grouping] ?? 1;
    const size = type.kind === "map" ? layer.size : 1;
    const out = type.kind === "map" ? (channels > 6 ? channels : channels * layer.widen) : 5;
    const width = out % groups === 0 ? out : channels;
    const x = this.quantizeInput(path);
    const shape = [size, size, channels / groups, width];
    const kernel = this.quantizedKernel(path, shape, groups, layer.isPerTensor);
    const args = [x, kernel];
    if (layer.hasBias) {
      const vector = { kind: "vector", shape: [width] };
      args.push(this.draft.weight(`${path}.bias`, "bias", vector, this.numbers(width, 1)));
    }
    const dilation = size > 1 ? layer.dilation : 1;
    const [before, after] = [size / 2, (size - 1) / 2].map((n) => Math.floor(n) * dilation) as [
      number,
      number,
    ];
    const pads = type.kind === "map" ? [before, after, after, before] : [0, 0, 0, 0];
    const isStrided = type.kind === "map" && Math.min(type.height, type.width) > 3;
    const stride = isStrided ? layer.stride : 1;
    this.current = this.draft.add("conv", args, {
      stride,
      pads,
      groups,
      ...(dilation > 1 && { dilation }),
    });
    this.isUnsigned = layer.isRectified && !this.choice.isSigned;
    if (layer.isRectified) this.current = this.draft.add("relu", [this.current]);
  }

  private quantizedKernel(path: string, shape: number[], groups: number, isPerTensor: boolean) {
    const { kernelBits: bits } = this.choice;
    const [height = 1, width = 1, inputs = 1, out = 1] = shape;
    const kernel = { kind: "kernel", shape, groups };
    const data = this.numbers(height * width * inputs * out, 1);
    const weight = this.draft.weight(`${path}.kernel`, "kernel", kernel, data);
    if (!this.isQuantized("kernel")) return weight;
    const steps = this.steps(isPerTensor ? 1 : out, 2 / 2 ** bits);
    const type = isPerTensor ? { kind: "scalar", shape: [] } : { kind: "vector", shape: [out] };
    const step = this.draft.weight(`${path}.kernel.step`, "step", type, steps);
    const [low, high] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
    const attributes = { quantizer: "lsq", bits, low, high, path: `${path}.kernel` };
    return this.draft.add("quantize", [weight, step], attributes);
  }

  vector(name: string, scale: number): string {
    const size = channelsOf(this.draft.typeOf(this.current));
    const path = `s.${this.blocks++}.${name}`;
    return this.draft.weight(
      path,
      "scale",
      { kind: "vector", shape: [size] },
      this.numbers(size, scale),
    );
  }

  apply(op: string, attributes: Attributes = {}, ...more: string[]): void {
    this.rearrange(op, attributes, ...more);
    this.isUnsigned = false;
  }

  /** Keeps what is known of the sign, as the compiler does. */
  rearrange(op: string, attributes: Attributes, ...more: string[]): void {
    this.current = this.draft.add(op, [this.current, ...more], attributes);
  }

  add(layer: Layer): void {
    const before = this.current;
    const { height, width, channels } = this.map();
    const isSmall = height * width * channels <= 400;
    switch (layer.kind) {
      case "conv":
        return this.conv(layer);
      case "residual":
      case "difference":
        this.conv({ ...layer, size: 3, stride: 1, widen: 1 });
        return this.apply(layer.kind === "residual" ? "add" : "subtract", {}, before);
      case "prelu":
        return this.apply("prelu", {}, this.vector("alpha", 0.5));
      case "affine":
        this.apply("scale_channels", {}, this.vector("scale", 2));
        return this.apply("add_channels", {}, this.vector("shift", 1));
      case "negate":
        return this.apply("negate");
      case "pad":
        return this.rearrange("pad", { by: [1, 0, 2, 1] });
      case "crop":
        return height > 3 && width > 3 ? this.rearrange("crop", { by: [0, 1, 1, 1] }) : undefined;
      case "tile":
        return isSmall ? this.rearrange("tile", { times: 2 }) : undefined;
      case "max_pool":
        return this.maxPool(layer);
      case "slice":
        return channels > 2 ? this.rearrange("slice_channels", { first: 1, count: 2 }) : undefined;
      case "concat":
        this.conv({ ...layer, size: 3, stride: 1 });
        return isSmall ? this.apply("concat_channels", {}, before) : undefined;
      case "depth_to_space":
        return channels % 4 === 0 ? this.rearrange("depth_to_space", { scale: 2 }) : undefined;
    }
  }

  maxPool({ size, stride }: Layer): void {
    // No spec can have this, and onnxruntime 1.30 takes the zeros of a Pad for the -infinity of a MaxPool behind it.
    if (this.draft.instructions.at(-1)?.op === "pad") return;
    const [before, after] = [Math.floor((size - 1) / 2), Math.floor(size / 2)];
    const attributes = { size: [size, size], stride, pads: [before, after, before, after] };
    this.rearrange("max_pool", attributes);
  }

  head(): void {
    const x = this.quantizeInput(`head.pool`);
    this.current = this.draft.add("global_avg", [x]);
    this.conv({ ...plainLayer, size: 1, isRectified: false });
  }
}

/** The same program, weights and input for the same choice. */
export function randomProgram(choice: Choice, examples = 3): RandomProgram {
  const net = new Net(choice);
  for (const each of choice.layers) net.add(each);
  if (choice.hasHead) net.head();
  const input = { shape: [examples, 6, 5, 4], data: net.numbers(examples * 120, 2) };
  return { program: net.draft.program(net.current), weights: net.draft.weights, input };
}
