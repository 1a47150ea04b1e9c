import type { AssemblyFunction, Code } from "./encode.ts";
import {
  add,
  addVectors,
  advance,
  constant,
  get,
  loadSplat,
  loadVector,
  type Local,
  loop,
  multiply,
  multiplyVectors,
  set,
  storeVector,
  zeroVector,
} from "./instructions.ts";

/** Input and output channels that one tile of sums holds; 4 x 8 floats fit a processor's registers. */
export const tile = { inputs: 4, outputs: 8 } as const;

/** What the function is called with, in this order. Sizes in bytes where they end so. */
const parameters = [
  "x", // first element of one window row of the input, at the first input channel of this share
  "dy", // first element of the gradient's row
  "out", // sums of the first tap of the filter's row, at the first input channel of this share
  "images",
  "rows",
  "filterRows",
  "filterColumnsInBytes",
  "pixelsInBytes", // length of a row of dy
  "inputsInBytes", // of this share
  "outputsInBytes",
  "xPixel", // from one column of x to the next
  "xWindow", // from one window to the next: stride * xPixel
  "xLine", // from one line of x to the next
  "xRow", // from one row of windows to the next: stride * xLine
  "xImage",
  "outTap", // from one tap of the filter to the next
  "outLine", // from one row of taps to the next
] as const;

const integers = [
  "image",
  "row",
  "filterRow",
  "xOfRow",
  "dyOfRow",
  "xOfLine",
  "outOfLine",
  "filterColumn",
  "xOfTap",
  "outOfTap",
  "input",
  "output",
  "pixel",
  "from",
  "to",
] as const;

type Name = (typeof parameters)[number] | (typeof integers)[number];
const names: readonly string[] = [...parameters, ...integers];
const local = (name: Name): Local => names.indexOf(name);
const read = (name: Name): Code => get(local(name));

const sums: readonly Local[] = Array.from({ length: 8 }, (_, i) => names.length + i);
const [left, right, splat] = [names.length + 8, names.length + 9, names.length + 10];

/**
 * dF[i, j, ci, co] += sum over images, rows p and pixels q of x[p s + i, q s + j, ci] * dy[p, q, co], for a
 * share of the input channels. One row of pixels at a time is added up in registers, so that rows stay in
 * the cache and sums stay short and exact.
 */
export const filterGradient: AssemblyFunction = {
  name: "filterGradient",
  parameters: parameters.length,
  integers: integers.length,
  vectors: 11,
  body: [
    ...set(local("dyOfRow"), read("dy")),
    ...loop(local("image"), constant(1), read("images"), [
      ...set(local("xOfRow"), add(read("x"), multiply(read("image"), read("xImage")))),
      ...loop(local("row"), constant(1), read("rows"), [
        ...set(local("xOfLine"), read("xOfRow")),
        ...set(local("outOfLine"), read("out")),
        ...loop(local("filterRow"), constant(1), read("filterRows"), [
          ...addRow(),
          ...advance(local("xOfLine"), read("xLine")),
          ...advance(local("outOfLine"), read("outLine")),
        ]),
        ...advance(local("xOfRow"), read("xRow")),
        ...advance(local("dyOfRow"), read("pixelsInBytes")),
      ]),
    ]),
  ],
};

/** One row of pixels, for every tap of a filter row and every tile of channels. */
function addRow(): Code {
  return [
    ...set(local("outOfTap"), read("outOfLine")),
    ...loop(local("filterColumn"), read("xPixel"), read("filterColumnsInBytes"), [
      ...set(local("xOfTap"), add(read("xOfLine"), read("filterColumn"))),
      ...set(local("to"), read("outOfTap")),
      ...loop(local("input"), constant(tile.inputs * 4), read("inputsInBytes"), [
        ...loop(local("output"), constant(tile.outputs * 4), read("outputsInBytes"), addTile()),
        // The inner loop went over one line of the filter; the other lines of the tile are skipped.
        ...advance(local("to"), multiply(read("outputsInBytes"), constant(tile.inputs - 1))),
      ]),
      ...advance(local("outOfTap"), read("outTap")),
    ]),
  ];
}

/** One row of pixels, for one tap and one tile of channels; then on to the next tile's place. */
function addTile(): Code {
  const gradient = add(add(read("dyOfRow"), read("output")), read("pixel"));
  return [
    ...sums.flatMap((sum) => set(sum, zeroVector)),
    ...set(local("from"), add(read("xOfTap"), read("input"))),
    ...loop(local("pixel"), read("outputsInBytes"), read("pixelsInBytes"), [
      ...set(left, loadVector(gradient, 0)),
      ...set(right, loadVector(gradient, 16)),
      ...[0, 1, 2, 3].flatMap((line) => addProducts(line)),
      ...advance(local("from"), read("xWindow")),
    ]),
    ...set(local("from"), read("to")),
    ...[0, 1, 2, 3].flatMap((line) => storeSums(line)),
    ...advance(local("to"), constant(tile.outputs * 4)),
  ];
}

function addProducts(line: number): Code {
  return [
    ...set(splat, loadSplat(read("from"), 4 * line)),
    ...addTo(sums[2 * line]!, multiplyVectors(get(splat), get(left))),
    ...addTo(sums[2 * line + 1]!, multiplyVectors(get(splat), get(right))),
  ];
}

function addTo(sum: Local, value: Code): Code {
  return set(sum, addVectors(get(sum), value));
}

/** Adds one line of the tile to memory at `from`, and moves `from` to the next line. */
function storeSums(line: number): Code {
  const store = (offset: number, sum: Local) =>
    storeVector(read("from"), offset, addVectors(loadVector(read("from"), offset), get(sum)));
  return [
    ...store(0, sums[2 * line]!),
    ...store(16, sums[2 * line + 1]!),
    ...advance(local("from"), read("outputsInBytes")),
  ];
}
