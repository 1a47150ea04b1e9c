import { builders } from "prettier/doc";
import type * as ast from "./ast.ts";
import { plainLayout, toText, withComments } from "./layout.ts";
import type { Doc } from "./layout.ts";
import { declarationDoc } from "./print-declarations.ts";
import {
  callDoc,
  expressionDoc,
  flowDoc,
  selectorDoc,
  typeDoc,
  valueDoc,
} from "./print-expressions.ts";
import { fileDoc } from "./print-file.ts";

/** What can be printed on its own. */
export type Printable =
  ast.File | ast.Declaration | ast.Expression | ast.Chain | ast.Flow | ast.Selector | ast.Type;

/**
 * The canonical text of a tree, wherever the tree comes from: layout and comments of the text it was read from are not looked at, except
 * that statements keep their order. A file and a declaration bring their documentation; a file ends in a newline.
 */
export function print(node: Printable): string {
  return toText(toDoc(node));
}

function toDoc(node: Printable): Doc {
  switch (node.kind) {
    case "file":
      return fileDoc(plainLayout, node);
    case "kernel":
    case "block":
    case "model":
    case "quant":
    case "recipe":
      return withComments(plainLayout, node, declarationDoc(plainLayout, node), true);
    case "chain":
      return valueDoc(plainLayout, node);
    case "flow":
      return builders.group(flowDoc(plainLayout, node));
    case "selector":
      return selectorDoc(plainLayout, node);
    case "type":
      return typeDoc(plainLayout, node);
    case "call":
      return callDoc(plainLayout, node);
    default:
      return expressionDoc(plainLayout, node);
  }
}
