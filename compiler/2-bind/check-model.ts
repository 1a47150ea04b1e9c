import type { Flow, Model } from "../../grammar/index.ts";
import { adviseSource } from "../../grammar/index.ts";
import { diagnostic } from "../diagnostics/index.ts";
import { combinatorByName, opByName } from "../ops/index.ts";
import { checkExpression, checkStep } from "./check-chain.ts";
import { checkUnique, hints, isMissing, type Names } from "./names.ts";

/** Names in a model: its flows begin at the input or at a binding above them. */
export function checkModel(names: Names, model: Model): void {
  for (const { condition } of model.requires) checkExpression(names, condition);
  const nodes = [...model.inputs, ...model.bindings].map((node) => node.name);
  const params = new Map(model.params.map(({ name }) => [name.text, name]));
  checkUnique(names, "names", [...params.values(), ...nodes]);
  for (const { shape } of model.inputs) {
    for (const item of shape.items) {
      const isOpen = item.kind === "call" && item.name.text === "_";
      if (!isOpen) checkExpression(names, item);
    }
  }
  if (model.inputs.length === 0) return;
  const known = new Set(model.inputs.map((input) => input.name.text));
  const later = new Set(model.bindings.map((binding) => binding.name.text));
  const flows = { names, known, later };
  for (const binding of model.bindings) {
    checkFlow(flows, binding.flow);
    known.add(binding.name.text);
  }
  for (const { flow } of model.outputs) checkFlow(flows, flow);
  if (model.outputs.length > 0) reportUnused(names, model);
}

interface Flows {
  readonly names: Names;
  readonly known: ReadonlySet<string>;
  readonly later: ReadonlySet<string>;
}

function checkFlow(flows: Flows, { sources, steps }: Flow): void {
  const { names, known, later } = flows;
  for (const source of sources) {
    if (source.kind === "parenthesised") checkFlow(flows, source.flow);
    else if (!known.has(source.name.text) && !isMissing(source.name)) {
      const { text, span } = source.name;
      const help = later.has(text)
        ? { help: "move its line up: a flow uses what stands above it" }
        : helpForOp(names, text, [...known].at(-1) ?? "x", sources.length > 1);
      names.report(() =>
        diagnostic("name/unknown-name", span, { name: text, ...hints(text, [...known]) }, help),
      );
    }
  }
  for (const step of steps) checkStep(names, step);
}

/** An op or a block computes nothing by itself. */
function helpForOp(
  { scope }: Names,
  text: string,
  last: string,
  isTerm: boolean,
): { readonly help?: string } {
  const isBlock = scope.get(text)?.declaration.kind === "block";
  if (!isBlock && !opByName.has(text) && !combinatorByName.has(text)) return {};
  return { help: adviseSource(last, text, isTerm) };
}

/** Bindings that no output depends on, directly or through others. */
function reportUnused({ report }: Names, model: Model): void {
  const used = new Set<string>();
  const visit = (flow: Flow): void => {
    for (const source of flow.sources) {
      if (source.kind === "reference") used.add(source.name.text);
      else visit(source.flow);
    }
  };
  for (const { flow } of model.outputs) visit(flow);
  for (const { name, flow } of model.bindings.toReversed()) {
    if (used.has(name.text)) visit(flow);
    else if (!isMissing(name))
      report(() => diagnostic("name/unused", name.span, { name: name.text }));
  }
}
