import { enlarger, startOf, type Bits, type Cell, type Net } from "./cell.ts";

export interface PlanOptions {
  /** How many, from 1 on. */
  readonly seeds: number;
  readonly only: readonly Net[];
}

type Kind = Omit<Cell, "seed">;

/** Nets with every method at both numbers of bits. */
const measuredWhole: readonly Net[] = ["RepVGG", "DBB"];

/** What every net has. */
function coreOf(net: Net): readonly Kind[] {
  return [
    { net, method: "float", bits: 32 },
    { net, method: "merged", bits: 4 },
    { net, method: "repq-batch", bits: 4 },
    { net, method: "repq-sampled", bits: 4 },
  ];
}

const enlarging: readonly Kind[] = [
  { net: enlarger, method: "imported", bits: 32 },
  { net: enlarger, method: "unmerged", bits: 32 },
  { net: enlarger, method: "equalized", bits: 32 },
  { net: enlarger, method: "repq", bits: 8 },
  { net: enlarger, method: "merged", bits: 8 },
  { net: enlarger, method: "repq", bits: 4 },
  { net: enlarger, method: "merged", bits: 4 },
];

const rest: readonly Kind[] = measuredWhole.flatMap((net): Kind[] => [
  { net, method: "branches", bits: 4 },
  { net, method: "float-estimated", bits: 32 },
  { net, method: "repq-estimated", bits: 4 },
  ...eightBits(net),
]);

function eightBits(net: Net): readonly Kind[] {
  const bits: Bits = 8;
  const methods = ["merged", "repq-batch", "repq-sampled", "repq-estimated", "branches"] as const;
  return methods.map((method) => ({ net, method, bits }));
}

/** All that is ever measured of one seed, what tells most for its time first. A cell stands behind the one that it starts from. */
export const kinds: readonly Kind[] = [
  ...coreOf("RepVGG"),
  ...enlarging,
  ...(["OREPA", "MobileOne", "DBB"] as const).flatMap(coreOf),
  ...rest,
];

/** Cells in the order in which they run: everything of a seed before the next seed. */
export function planCells({ seeds, only }: PlanOptions): readonly Cell[] {
  const cells = Array.from({ length: seeds }, (_, before) =>
    kinds.filter(({ net }) => only.includes(net)).map((kind) => ({ ...kind, seed: before + 1 })),
  ).flat();
  checkOrder(cells);
  return cells;
}

function checkOrder(cells: readonly Cell[]): void {
  const isSame = (one: Cell, other: Cell): boolean =>
    one.net === other.net && one.method === other.method && one.seed === other.seed;
  cells.forEach((cell, index) => {
    const start = startOf(cell);
    const isBefore = start && cells.slice(0, index).some((other) => isSame(other, start));
    if (start && !isBefore) throw new Error(`repqc bug: ${start.method} comes after its use`);
  });
}
