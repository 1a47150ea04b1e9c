/** Nets that are measured, by their names in the table. */
export const classifiers = ["RepVGG", "DBB", "MobileOne", "OREPA"] as const;
export type Classifier = (typeof classifiers)[number];

export const enlarger = "ECBSR";
export type Net = Classifier | typeof enlarger;
export const nets: readonly Net[] = [...classifiers, enlarger];

/** How a net is trained; `imported`, `unmerged` and `equalized` are not trained at all. */
export type Method =
  | "float"
  | "float-estimated"
  | "merged"
  | "branches"
  | "repq-batch"
  | "repq-sampled"
  | "repq-estimated"
  | "imported"
  | "unmerged"
  | "equalized"
  | "repq";

export type Bits = 32 | 8 | 4;

/** One number of the table: a net, trained in one way, from one seed. */
export interface Cell {
  readonly net: Net;
  readonly method: Method;
  readonly bits: Bits;
  readonly seed: number;
}

/** Letters, digits and `-`: also the name of its files. */
export function cellId({ net, method, bits, seed }: Cell): string {
  return `${net}-${method}-${bits}-seed${seed}`;
}

/** The cell whose weights a cell begins with: what a floating-point training ended with. */
export function startOf({ net, method, seed }: Cell): Cell | undefined {
  if (net === enlarger || method === "float" || method === "float-estimated") return undefined;
  const start = method === "repq-estimated" ? "float-estimated" : "float";
  return { net, method: start, bits: 32, seed };
}
