import type { Chain, Expression, Flow, FlowSource, Step } from "../../grammar/index.ts";

/** A tree in one line: `(+ a b)`, `[a > b]` for a chain, `{+a -b}` for a group, `f(x: 1)` for a call. */
export function sketch(node: Expression | Chain | Flow): string {
  switch (node.kind) {
    case "number":
      return node.isInteger ? `${node.value}` : `${node.value}f`;
    case "size":
      return `${node.height}x${node.width}`;
    case "string":
      return JSON.stringify(node.value);
    case "boolean":
      return `${node.value}`;
    case "list":
      return `list(${node.items.map(sketch).join(" ")})`;
    case "binary":
      return `(${node.operator} ${sketch(node.left)} ${sketch(node.right)})`;
    case "not":
      return `(not ${sketch(node.operand)})`;
    case "parenthesised-expression":
      return `(${sketch(node.inner)})`;
    case "chain":
      return `[${node.steps.map(sketchStep).join(" > ")}]`;
    case "flow":
      return `[${[node.sources.map(sketchSource).join(" + "), ...node.steps.map(sketchStep)].join(" > ")}]`;
    case "call": {
      const args = node.args?.map(
        ({ label, value }) => (label === undefined ? "" : `${label.text}: `) + sketch(value),
      );
      return args === undefined ? node.name.text : `${node.name.text}(${args.join(", ")})`;
    }
  }
}

function sketchStep({ item, repeat }: Step): string {
  const times = repeat === undefined ? "" : ` * ${sketch(repeat)}`;
  if (item.kind === "call") return sketch(item) + times;
  const terms = item.terms.map(({ sign, chain }) => (sign === 1 ? "+" : "-") + sketch(chain));
  return `{${terms.join(" ")}}${times}`;
}

function sketchSource(source: FlowSource): string {
  return source.kind === "reference" ? source.name.text : sketch(source.flow);
}

/** A tree without its spans, and without documentation if asked: what is left is the meaning. */
export function bare(tree: unknown, dropped: readonly string[] = ["span"]): unknown {
  if (Array.isArray(tree)) return tree.map((item) => bare(item, dropped));
  if (typeof tree !== "object" || tree === null) return tree;
  const kept = Object.entries(tree).filter(([key]) => !dropped.includes(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, bare(value, dropped)]));
}
