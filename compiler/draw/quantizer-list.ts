import type {
  Affine,
  AffineStep,
  Island,
  NodeQuantizers,
  QuantizedModel,
  Quantizer,
} from "../ir/index.ts";
import { activationQuantizers, declarationsOf, partsOf, stepsOf, weightPath } from "../ir/index.ts";

/** A quantizer and what it acts on: an activation `x` or a kernel `K`. */
export interface Placed {
  readonly of: "x" | "K";
  readonly quantizer: Quantizer;
}

/** Every quantizer of a model, in order. */
export function quantizersOf({ model, quantizers, on }: QuantizedModel): readonly Placed[] {
  const all = model.nodes.flatMap((node, id) => {
    const own = quantizers.get(id) ?? {};
    if (node.kind !== "island" || on !== "branches") return asPlaced(own);
    return [...branchQuantizers(node, own).values()].flatMap(asPlaced);
  });
  return [...new Map(all.map((one) => [one.quantizer.path, one])).values()];
}

export function asPlaced(quantizers: NodeQuantizers): readonly Placed[] {
  const { kernel } = quantizers;
  return [
    ...activationQuantizers(quantizers).map((quantizer) => ({ of: "x", quantizer }) as const),
    ...(kernel ? [{ of: "K", quantizer: kernel } as const] : []),
  ];
}

/** Where a policy quantizes every convolution of every branch: each learned kernel and what it sees. */
export function branchQuantizers(
  { body, path }: Island,
  { input, kernel }: NodeQuantizers,
): ReadonlyMap<AffineStep, NodeQuantizers> {
  const atInput = stepsAtInput(body);
  const learned = stepsOf(body).filter((step) => declarationsOf(step)["kernel"] !== undefined);
  return new Map(
    learned.map((step) => {
      const inputPath = weightPath(atInput.has(step) ? path : step.path, "input");
      return [
        step,
        {
          ...(input && { input: { ...input, path: inputPath } }),
          ...(kernel && { kernel: { ...kernel, path: weightPath(step.path, "kernel") } }),
        },
      ];
    }),
  );
}

/** The steps that see the island's very input, whose quantizer they share. */
function stepsAtInput(body: Affine): ReadonlySet<AffineStep> {
  const found = new Set<AffineStep>();
  const visit = (map: Affine, isAtInput: boolean): void => {
    if (map.kind === "step" && isAtInput) found.add(map);
    let isStill = isAtInput && map.kind !== "split";
    for (const part of partsOf(map)) {
      visit(part, isStill);
      if (map.kind === "chain") isStill &&= changesNothing(part);
    }
  };
  visit(body, true);
  return found;
}

function changesNothing(map: Affine): boolean {
  return map.kind === "step" && map.op.name === "identity";
}
