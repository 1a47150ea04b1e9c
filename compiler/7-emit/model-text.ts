import type {
  Affine,
  Island,
  Node,
  NodeQuantizers,
  Quantizer,
  QuantizedModel,
} from "../ir/index.ts";
import { printType } from "../ir/index.ts";

/** A model before lowering, for people: a node a line, below it its branches and its quantizers. */
export function modelText({ model, policy, on, quantizers }: QuantizedModel): string {
  const nodes = model.nodes.flatMap((node, id) => [
    `${id}: ${printType(node.type)} = ${nodeText(node)}`,
    ...quantizerLines(quantizers.get(id) ?? {}),
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
      return `add ${node.inputs.join(", ")}${sign}`;
    case "map":
      return `${withPath(node.op.name, node.path)} of ${node.input}${paramsText(node.params)}${sign}`;
    case "island":
      return `${islandText(node)}${sign}\n${affineLines(node.body, "    ").join("\n")}`;
  }
}

function islandText({ label, path, input, promised }: Island): string {
  const { size, stride, groups, pads } = promised;
  const becomes = `conv(${size.height}x${size.width}, stride: ${stride}, groups: ${groups})`;
  return `${withPath(label, path)} of ${input} => ${becomes}, pads [${pads.join(", ")}]`;
}

/** A block alone has no path. */
function withPath(name: string, path: string): string {
  return path === "" ? name : `${name} ${path}`;
}

function affineLines(map: Affine, indent: string): readonly string[] {
  if (map.kind === "step") {
    const what = withPath(map.op.name, map.path);
    return [`${indent}${what}: ${map.in} to ${map.out}${paramsText(map.params)}`];
  }
  if (map.kind === "chain") return map.steps.flatMap((step) => affineLines(step, indent));
  return map.terms.flatMap((term) => [
    `${indent}${term.sign === 1 ? "+" : "-"} ${term.name ?? "term"}`,
    ...affineLines(term.map, `${indent}    `),
  ]);
}

function quantizerLines({ input, kernel }: NodeQuantizers): readonly string[] {
  return [input, kernel].filter((one) => one !== undefined).map(quantizerText);
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
  return isSize(value) ? `${value.height}x${value.width}` : JSON.stringify(value);
}

function isSize(value: unknown): value is { height: number; width: number } {
  return typeof value === "object" && value !== null && "height" in value && "width" in value;
}
