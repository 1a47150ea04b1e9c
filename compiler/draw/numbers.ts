import { stepsOf, weightsOf, type Island, type Model, type ValueType } from "../ir/index.ts";
import { shapeOf } from "../ir/index.ts";

/** Between parts of a line; spaces that XML does not fold. */
export const separator = "\u00A0\u00A0 · \u00A0\u00A0";

/** `12,345`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `32 × 32 × 16`, height by width by channels; features have channels alone. */
export function printShape(type: ValueType): string {
  return shapeOf(type).join(" × ");
}

export function islandsOf(model: Model): readonly Island[] {
  return model.nodes.filter((node) => node.kind === "island");
}

/** Numbers that islands learn as branches, and those of their kernels and biases once merged. */
export function countWeights(islands: readonly Island[]): { trained: number; deployed: number } {
  const sizes = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
  const learned = islands.flatMap(({ body }) => weightsOf(body));
  const trained = learned
    .filter(({ role }) => role !== "statistic")
    .reduce((total, { shape }) => total + sizes(shape), 0);
  const deployed = islands.reduce((total, { body, promised: { size, groups } }) => {
    const taps = (size.height * size.width * body.in * body.out) / groups;
    return total + taps + body.out;
  }, 0);
  return { trained, deployed };
}

/** Whether the merge of an island takes statistics of what flows in. */
export function isNormalized({ body }: Island): boolean {
  return stepsOf(body).some((step) => step.op.normalizes);
}
