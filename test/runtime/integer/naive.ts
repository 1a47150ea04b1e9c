/**
 * A second, independent statement of deployed arithmetic for tests: one function per instruction over nested index functions, sums of
 * levels in BigInt, rounding by comparison. Slow on purpose. Sums with unquantized operands are in double precision.
 */
import type { Graph, Instruction } from "../../../compiler/ir/graph.ts";
import type { HostTensor } from "../../../runtime/safetensors.ts";

/** What stands at (n, h, w, c); `level` where it is quantized with `step`. */
interface Naive {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly steps?: readonly number[];
}

const f = Math.fround;

function at(t: Naive, ...index: number[]): number {
  let offset = 0;
  for (const [axis, i] of index.entries()) {
    if (i < 0 || i >= t.shape[axis]!) return 0;
    offset = offset * t.shape[axis]! + i;
  }
  return t.values[offset]!;
}

function build(shape: readonly number[], value: (...index: number[]) => number): Naive {
  const values: number[] = [];
  const walk = (index: number[]): void => {
    if (index.length === shape.length) return void values.push(value(...index));
    for (let i = 0; i < shape[index.length]!; i++) walk([...index, i]);
  };
  walk([]);
  return { shape, values };
}

function real(t: Naive): Naive {
  const { steps } = t;
  if (!steps) return t;
  return { shape: t.shape, values: t.values.map((v, i) => f(v * steps[i % steps.length]!)) };
}

function nearestEven(value: number): number {
  const below = Math.floor(value);
  const up = value - below;
  if (up === 0.5) return below % 2 === 0 ? below : below + 1;
  return up < 0.5 ? below : below + 1;
}

type Terms = readonly (readonly [number, number])[];

function sumOfLevels(terms: Terms): number {
  return Number(terms.reduce((sum, [a, b]) => sum + BigInt(a) * BigInt(b), 0n));
}

/** In double precision: a float engine is close to it, but not equal. */
function sumOfReals(terms: Terms): number {
  return terms.reduce((sum, [a, b]) => sum + a * b, 0);
}

function conv(x: Naive, k: Naive, bias: Naive | undefined, a: Instruction["attributes"]): Naive {
  const isFlat = x.shape.length === 2;
  const levels = isFlat ? { ...x, shape: [x.shape[0]!, 1, 1, x.shape[1]!] } : x;
  const [n = 0, height = 0, width = 0] = levels.shape;
  const [kh = 0, kw = 0, inputs = 0, out = 0] = k.shape;
  const [top = 0, bottom = 0, left = 0, right = 0] = a["pads"] as readonly number[];
  const [stride, groups] = [Number(a["stride"]), Number(a["groups"])];
  const apart = Number(a["dilation"] ?? 1);
  const size = (length: number, taps: number, pad: number) =>
    Math.floor((length + pad - (taps - 1) * apart - 1) / stride) + 1;
  const shape = [n, size(height, kh, top + bottom), size(width, kw, left + right), out];
  const exact = x.steps && k.steps;
  const [map, taps] = exact ? [levels, k] : [real(levels), real(k)];
  const result = build(shape, (b, h, w, o) => {
    const group = Math.floor(o! / (out / groups));
    const terms: [number, number][] = [];
    for (let y = 0; y < kh; y++)
      for (let z = 0; z < kw; z++)
        for (let i = 0; i < inputs; i++) {
          const [row, column] = [h! * stride + y * apart - top, w! * stride + z * apart - left];
          terms.push([at(map, b!, row, column, group * inputs + i), at(taps, y, z, i, o!)]);
        }
    const steps = k.steps ?? [1];
    const multiplier = exact ? f(x.steps![0]! * steps[steps.length === 1 ? 0 : o!]!) : 1;
    const scaled = f(f(exact ? sumOfLevels(terms) : sumOfReals(terms)) * multiplier);
    return bias ? f(scaled + bias.values[o!]!) : scaled;
  });
  return isFlat ? { ...result, shape: [n, out] } : result;
}

function mean(x: Naive): Naive {
  const [n = 0, height = 0, width = 0, channels = 0] = x.shape;
  return build([n, channels], (b, c) => {
    const terms: [number, number][] = [];
    for (let h = 0; h < height; h++)
      for (let w = 0; w < width; w++) terms.push([at(x, b!, h, w, c!), 1]);
    if (!x.steps) return f(sumOfReals(terms) / (height * width));
    return f(sumOfLevels(terms) * f(x.steps[0]! / (height * width)));
  });
}

function largest(x: Naive, a: Instruction["attributes"]): Naive {
  const [n = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [rows = 0, columns = 0] = a["size"] as readonly number[];
  const [top = 0, bottom = 0, left = 0, right = 0] = a["pads"] as readonly number[];
  const stride = Number(a["stride"]);
  const size = (length: number, taps: number) => Math.floor((length - taps) / stride) + 1;
  const shape = [n, size(height + top + bottom, rows), size(width + left + right, columns)];
  return build([...shape, channels], (b, h, w, c) => {
    const seen: number[] = [];
    for (let y = 0; y < height; y++)
      for (let z = 0; z < width; z++) {
        const [down, across] = [y + top - h! * stride, z + left - w! * stride];
        if (down >= 0 && down < rows && across >= 0 && across < columns)
          seen.push(at(x, b!, y, z, c!));
      }
    return Math.max(...seen);
  });
}

function quantized(v: Naive, steps: readonly number[], low: number, high: number): Naive {
  const levels = v.values.map((value, i) => {
    const quotient = f(value / steps[i % steps.length]!);
    return nearestEven(quotient < low ? low : quotient > high ? high : quotient);
  });
  return { shape: v.shape, values: levels, steps };
}

function step({ op, attributes: a }: Instruction, args: readonly Naive[]): Naive {
  const [x, y, z] = args as [Naive, Naive, Naive | undefined];
  const number = (name: string) => Number(a[name]);
  if (op === "conv") return conv(x, y, z, a);
  if (op === "global_avg") return mean(x);
  if (op === "quantize") return quantized(real(x), y.values, number("low"), number("high"));
  const [r, s] = [real(x), y && real(y)];
  const pointwise = (g: (v: number, i: number) => number): Naive => ({
    shape: r.shape,
    values: r.values.map((v, i) => f(g(v, i))),
  });
  const channel = (i: number) => s.values[i % s.values.length]!;
  const by = (a["by"] ?? []) as readonly number[];
  const [n = 0, height = 0, width = 0, channels = 0] = r.shape;
  const moved = (sign: number): Naive => {
    const [top = 0, bottom = 0, left = 0, right = 0] = by.map((v) => sign * v);
    const shape = [n, height + top + bottom, width + left + right, channels];
    return build(shape, (b, h, w, c) => at(r, b!, h! - top, w! - left, c!));
  };
  switch (op) {
    case "relu":
      return pointwise((v) => (v > 0 ? v : 0));
    case "negate":
      return pointwise((v) => -v);
    case "prelu":
      return pointwise((v, i) => (v > 0 ? v : channel(i) * v));
    case "scale_channels":
      return pointwise((v, i) => v * channel(i));
    case "add_channels":
      return pointwise((v, i) => v + channel(i));
    case "add":
      return pointwise((v, i) => v + s.values[i]!);
    case "subtract":
      return pointwise((v, i) => v - s.values[i]!);
    case "pad":
      return moved(1);
    case "crop":
      return moved(-1);
    case "tile": {
      const shape = [n, height, width, channels * number("times")];
      return build(shape, (b, h, w, c) => at(r, b!, h!, w!, c! % channels));
    }
    case "slice_channels":
      return build([...r.shape.slice(0, -1), number("count")], (...index) =>
        at(r, ...index.slice(0, -1), number("first") + index.at(-1)!),
      );
    case "concat_channels": {
      const parts = args.map(real);
      const owners = parts.flatMap((part) =>
        Array.from({ length: part.shape.at(-1)! }, (_, own) => ({ part, own })),
      );
      return build([...r.shape.slice(0, -1), owners.length], (...index) => {
        const { part, own } = owners[index.at(-1)!]!;
        return at(part, ...index.slice(0, -1), own);
      });
    }
    case "max_pool":
      return largest(r, a);
    case "depth_to_space": {
      const scale = number("scale");
      const out = channels / scale ** 2;
      return build([n, height * scale, width * scale, out], (b, h, w, c) => {
        const [i, j] = [h! % scale, w! % scale];
        const from = (i * scale + j) * out + c!;
        return at(r, b!, Math.floor(h! / scale), Math.floor(w! / scale), from);
      });
    }
    default:
      throw new Error(`the naive executor has no ${op}`);
  }
}

function from({ shape, data }: HostTensor): Naive {
  return { shape, values: [...data] };
}

/** Output of a deploy graph. */
export function runNaive(
  graph: Graph,
  weights: ReadonlyMap<string, HostTensor>,
  input: HostTensor,
): HostTensor {
  const values = new Map<string, Naive>();
  for (const instruction of graph.instructions) {
    const { op, args, attributes, results } = instruction;
    const operands = args.map((arg) => values.get(arg)!);
    const leaf =
      op === "input"
        ? from(input)
        : op === "weight"
          ? from(weights.get(String(attributes["path"]))!)
          : undefined;
    values.set(results[0]!, leaf ?? step(instruction, operands));
  }
  const output = real(values.get(graph.outputs["output"]!)!);
  return { shape: output.shape, data: Float32Array.from(output.values) };
}
