import type { Attribute, Graph, Instruction } from "./graph.ts";
import { printType } from "./types.ts";

/** The text form of a graph: one instruction a line, outputs last. What golden tests compare and `repqc compile --print` shows. */
export function printGraph(graph: Graph): string {
  const outputs = Object.entries(graph.outputs).map(([name, id]) => `output ${name} = ${id}`);
  return [...graph.instructions.map(printInstruction), ...outputs, ""].join("\n");
}

function printInstruction({ op, results, types, args, attributes }: Instruction): string {
  const { reason, ...others } = attributes;
  const shown = Object.entries(others).filter(([name]) => !isTypeAttribute(op, name));
  const details = shown.map(([name, value]) => `${name}: ${printAttribute(value)}`).join(", ");
  const head = `${results.join(", ")}: ${types.map(printType).join(", ")} = ${op}`;
  const because = reason === undefined ? [] : [`// ${printAttribute(reason)}`];
  return [head, ...args, ...(details === "" ? [] : [`{ ${details} }`]), ...because].join(" ");
}

/** Leaves repeat their type as attributes; the type is already on the line. */
function isTypeAttribute(op: string, name: string): boolean {
  return (
    (op === "input" || op === "weight") &&
    (name === "kind" || name === "shape" || name === "groups")
  );
}

function printAttribute(value: Attribute): string {
  return Array.isArray(value) ? `[${value.map(printAttribute).join(", ")}]` : String(value);
}
