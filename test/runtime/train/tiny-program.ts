import type { Attribute } from "../../../compiler/ir/graph.ts";
import type { DeployedSpec, Program, WeightSpec } from "../../../compiler/ir/program.ts";
import { packedDataset, type Dataset } from "../../../runtime/data/index.ts";
import { Random } from "../../../runtime/random.ts";
import { GraphBuilder } from "../interpreter/graph-builder.ts";

const same = { stride: 1, pads: [1, 1, 1, 1], groups: 1 };
const plain = { stride: 1, pads: [0, 0, 0, 0], groups: 1 };
const signed = { quantizer: "lsq", bits: 4, low: -8, high: 7 };
const unsigned = { quantizer: "lsq", bits: 4, low: 0, high: 15 };

/**
 * A classifier of 6x6 images: convolution - batch norm - relu - mean - head, by hand as the compiler lowers it: batch norm
 * folded into the kernel, and with `quantized` fake quantization on the merge.
 * @param statistics attributes of what measures: its mode and that mode's options
 */
export function tinyProgram(
  quantized: boolean,
  statistics: Readonly<Record<string, Attribute>> = { mode: "batch" },
): Program {
  return {
    format: "repqc-program",
    version: 1,
    entry: "Tiny",
    source: "test",
    ...(quantized ? { policy: "W4A4" } : {}),
    input: { name: "x", shape: [6, 6, 1] },
    output: { shape: [3] },
    weights: weightSpecs(quantized),
    train: trainGraph(quantized, statistics),
    merge: mergeGraph(quantized),
    deployed: deployedSpecs(quantized),
    deploy: deployGraph(quantized),
  };
}

function weightSpecs(quantized: boolean): readonly WeightSpec[] {
  const constant = (value: number) => ({ kind: "constant", value }) as const;
  const uniform = (bound: number) => ({ kind: "uniform", bound }) as const;
  const specs: WeightSpec[] = [
    { path: "s0.kernel", shape: [3, 3, 1, 4], role: "kernel", initial: uniform(0.5) },
    { path: "s0.gamma", shape: [4], role: "scale", initial: constant(1) },
    { path: "s0.beta", shape: [4], role: "bias", initial: constant(0) },
    { path: "s0.mean", shape: [4], role: "statistic", initial: constant(0) },
    { path: "s0.variance", shape: [4], role: "statistic", initial: constant(1) },
    { path: "head.kernel", shape: [1, 1, 4, 3], role: "kernel", initial: uniform(0.7) },
    { path: "head.bias", shape: [3], role: "bias", initial: constant(0) },
  ];
  return quantized ? [...specs, ...stepSpecs()] : specs;
}

function stepSpecs(): readonly (WeightSpec & { role: "step" })[] {
  const initial = (of: "input" | "kernel") => ({ kind: "step", of }) as const;
  return [
    { path: "s0.input.step", shape: [], role: "step", initial: initial("input") },
    { path: "s0.merged.step", shape: [4], role: "step", initial: initial("kernel") },
    { path: "head.input.step", shape: [], role: "step", initial: initial("input") },
    { path: "head.merged.step", shape: [3], role: "step", initial: initial("kernel") },
  ];
}

function deployedSpecs(quantized: boolean): readonly DeployedSpec[] {
  const specs: DeployedSpec[] = [
    { path: "s0.merged", shape: [3, 3, 1, 4], role: "kernel" },
    { path: "s0.bias", shape: [4], role: "bias" },
    { path: "head.merged", shape: [1, 1, 4, 3], role: "kernel" },
    { path: "head.bias", shape: [3], role: "bias" },
  ];
  const steps = stepSpecs().map(({ path, shape, role }) => ({ path, shape, role }));
  return quantized ? [...specs, ...steps] : specs;
}

/** Kernel and bias with batch norm folded in. */
function merged(b: GraphBuilder, kernel: string, mean: string, variance: string) {
  const root = b.op("reciprocal_root", [variance], { epsilon: 1e-5 });
  const factor = b.op("multiply_vectors", [b.vector("s0.gamma", 4), root]);
  const shift = b.op("multiply_vectors", [mean, factor]);
  const bias = b.op("subtract_vectors", [b.vector("s0.beta", 4), shift]);
  return { kernel: b.op("scale_out", [kernel, factor]), bias };
}

type Parts = { readonly kernel: string; readonly bias: string };

function model(b: GraphBuilder, x: string, first: Parts, head: Parts, quantized: boolean) {
  const onGrid = (value: string, step: string, range: typeof signed, path: string) =>
    quantized ? b.op("quantize", [value, step], { ...range, path }) : value;
  const step = (path: string, size?: number) =>
    !quantized ? "" : size === undefined ? b.scalar(path) : b.vector(path, size);
  const input = onGrid(x, step("s0.input.step"), unsigned, "s0.input");
  const kernel = onGrid(first.kernel, step("s0.merged.step", 4), signed, "s0.merged");
  const y = b.op("relu", [b.op("conv", [input, kernel, first.bias], same)]);
  const deep = onGrid(y, step("head.input.step"), unsigned, "head.input");
  const features = b.op("global_avg", [deep]);
  const last = onGrid(head.kernel, step("head.merged.step", 3), signed, "head.merged");
  return b.graph({ output: b.op("conv", [features, last, head.bias], plain) });
}

const head = (b: GraphBuilder, kernel: string): Parts => ({
  kernel: b.kernel(kernel, [1, 1, 4, 3]),
  bias: b.vector("head.bias", 3),
});

function trainGraph(quantized: boolean, own: Readonly<Record<string, Attribute>>) {
  const b = new GraphBuilder();
  const x = b.input(6, 6, 1);
  const kernel = b.kernel("s0.kernel", [3, 3, 1, 4]);
  const running = [b.vector("s0.mean", 4), b.vector("s0.variance", 4)];
  const attributes = { path: "s0.1", ...own, momentum: 0.1, ...same };
  const [mean, variance] = b.ops("statistics", [x, kernel, ...running], attributes);
  return model(b, x, merged(b, kernel, mean!, variance!), head(b, "head.kernel"), quantized);
}

function mergeGraph(quantized: boolean) {
  const b = new GraphBuilder();
  const kernel = b.kernel("s0.kernel", [3, 3, 1, 4]);
  const whole = merged(b, kernel, b.vector("s0.mean", 4), b.vector("s0.variance", 4));
  const { kernel: last, bias } = head(b, "head.kernel");
  const steps = (quantized ? stepSpecs() : []).map(({ path, shape }) => {
    return [path, shape.length === 0 ? b.scalar(path) : b.vector(path, shape[0]!)] as const;
  });
  const own = { "s0.merged": whole.kernel, "s0.bias": whole.bias };
  return b.graph({ ...own, "head.merged": last, "head.bias": bias, ...Object.fromEntries(steps) });
}

function deployGraph(quantized: boolean) {
  const b = new GraphBuilder();
  const x = b.input(6, 6, 1);
  const first = { kernel: b.kernel("s0.merged", [3, 3, 1, 4]), bias: b.vector("s0.bias", 4) };
  return model(b, x, first, head(b, "head.merged"), quantized);
}

/** Images of a row, a column or a diagonal on noise. */
export function tinyDataset(size: number, seed = 1): Dataset {
  const random = Random.fromSeed(seed);
  const pixels = new Uint8Array(size * 36);
  const labels = new Uint8Array(size);
  for (let n = 0; n < size; n++) {
    const image = pixels.subarray(n * 36, n * 36 + 36);
    for (let i = 0; i < 36; i++) image[i] = random.below(60);
    const label = random.below(3);
    const line = random.below(6);
    for (let i = 0; i < 6; i++) image[[line * 6 + i, i * 6 + line, i * 6 + i][label]!] = 250;
    labels[n] = label;
  }
  const classes = ["row", "column", "diagonal"];
  return packedDataset({ name: "lines", source: "made up", shape: [6, 6, 1], classes, pixels, labels }); // prettier-ignore
}
