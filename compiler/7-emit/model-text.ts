import type { FilterTaps } from "../algebra/filter-taps.ts";
import type {
  Affine,
  Cost,
  FormCosts,
  Island,
  Node,
  NodeQuantizers,
  Quantizer,
  QuantizedModel,
} from "../ir/index.ts";
import { activationQuantizers, bytesInUnits, costOf, inUnits, printType } from "../ir/index.ts";

/** A model before lowering, for people: a node a line, below it its branches and its quantizers. */
export function modelText(quantized: QuantizedModel): string {
  const { model, policy, on, quantizers } = quantized;
  const costs = new Map(costOf(quantized).nodes.map((cost) => [cost.id, cost]));
  const nodes = model.nodes.flatMap((node, id) => [
    `${id}: ${printType(node.type)} = ${nodeText(node)}`,
    ...quantizerLines(quantizers.get(id) ?? {}),
    ...(node.kind === "island" ? costLines(costs.get(id)) : []),
  ]);
  const quantization = policy === "" ? "" : `quantized by ${policy}, on ${on}\n`;
  return `${model.entry}\n${quantization}${nodes.join("\n")}\noutput ${model.output}\n`;
}

function nodeText(node: Node): string {
  const sign = node.sign === "any" ? "" : ` (${node.sign})`;
  switch (node.kind) {
    case "input":
      return `input ${node.name}${sign}`;
    case "add":
      return `add ${node.path} of ${node.inputs.join(", ")}${sign}`;
    case "map":
      return `${withPath(node.op.name, node.path)} of ${node.input}${paramsText(node.params)}${sign}`;
    case "island":
      return `${islandText(node)}${sign}\n${affineLines(node.body, "    ").join("\n")}`;
  }
}

function islandText({ label, path, input, promised }: Island): string {
  const { size, stride, groups, dilation, pads } = promised;
  const spread = dilation > 1 ? `, dilation: ${dilation}` : "";
  const becomes = `conv(${size.height}x${size.width}, stride: ${stride}, groups: ${groups}${spread})`;
  return `${withPath(label, path)} of ${input} => ${becomes}, pads [${pads.join(", ")}]`;
}

/** A block alone has no path. */
function withPath(name: string, path: string): string {
  return path === "" ? name : `${name} ${path}`;
}

function affineLines(map: Affine, indent: string): readonly string[] {
  switch (map.kind) {
    case "step": {
      const what = withPath(map.isFlipped ? `flipped ${map.op.name}` : map.op.name, map.path);
      return [`${indent}${what}: ${map.in} to ${map.out}${paramsText(map.params)}`];
    }
    case "chain":
      return map.steps.flatMap((step) => affineLines(step, indent));
    case "sum":
      return map.terms.flatMap((term) => [
        `${indent}${term.sign === 1 ? "+" : "-"} ${term.name ?? "term"}`,
        ...affineLines(term.map, `${indent}    `),
      ]);
    case "concat":
    case "split":
      return map.parts.flatMap((part, index) => [
        `${indent}${map.kind} ${index}`,
        ...affineLines(part, `${indent}    `),
      ]);
  }
}

function costLines(cost: FormCosts | undefined): readonly string[] {
  if (!cost) return [];
  const text = ({ multiplyAccumulates, parameters, bytes }: Cost) =>
    `${inUnits(multiplyAccumulates)} MACs, ${inUnits(parameters)} parameters, ${bytesInUnits(bytes)}`;
  const { branches, merged, deployed } = cost;
  return [
    `    cost of branches: ${text(branches)}; merged: ${text(merged)}; deployed: ${bytesInUnits(deployed.bytes)}`,
  ];
}

function quantizerLines(quantizers: NodeQuantizers): readonly string[] {
  const { kernel } = quantizers;
  return [...activationQuantizers(quantizers), ...(kernel ? [kernel] : [])].map(quantizerText);
}

function quantizerText({
  path,
  quantizer,
  bits,
  low,
  high,
  granularity,
  reason,
}: Quantizer): string {
  return `    quantize ${path}: ${quantizer}, ${bits} bits, ${low} to ${high}, per ${granularity} (${reason})`;
}

function paramsText(params: Readonly<Record<string, unknown>>): string {
  const shown = Object.entries(params).filter(([, value]) => value !== undefined);
  return shown.length === 0
    ? ""
    : ` { ${shown.map(([name, value]) => `${name}: ${paramText(value)}`).join(", ")} }`;
}

function paramText(value: unknown): string {
  if (isSize(value)) return `${value.height}x${value.width}`;
  return isTaps(value) ? tapsText(value) : JSON.stringify(value);
}

function tapsText(taps: FilterTaps): string {
  return taps.kind === "table" ? JSON.stringify(taps.table) : `dct(${paramText(taps.size)})`;
}

function isTaps(value: unknown): value is FilterTaps {
  return typeof value === "object" && value !== null && "kind" in value;
}

function isSize(value: unknown): value is { height: number; width: number } {
  return typeof value === "object" && value !== null && "height" in value && "width" in value;
}
