export { equalize } from "./equalize.ts";
export type { Equalized, EqualizedSeam } from "./equalize.ts";
export type { InputBatch } from "./measure-ranges.ts";
