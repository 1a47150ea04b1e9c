/** Models that are deployed and compared, by their names on the page; the smallest first. */
export const models = [
  "Fashion",
  "ECBSR-M4C16",
  "MobileOne-S0",
  "RepVGG-A0",
  "AC-ResNet-18",
] as const;
export type ModelName = (typeof models)[number];

export type Bits = 8 | 4;

/** One line of the page. */
export interface Cell {
  readonly model: ModelName;
  readonly bits: Bits;
}

/** Letters, digits and `-`: also the name of its files. */
export function cellId({ model, bits }: Cell): string {
  return `${model}-${bits}`;
}

/** In the order in which they run. */
export function planCells(only: readonly ModelName[]): readonly Cell[] {
  return models
    .filter((model) => only.includes(model))
    .flatMap((model) => ([8, 4] as const).map((bits) => ({ model, bits })));
}
