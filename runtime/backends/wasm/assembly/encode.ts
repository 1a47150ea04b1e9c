/** WebAssembly's binary format, as far as our few functions need it (specification, chapter 5). */

export type Code = readonly number[];

/** A function without results; all its parameters are i32. */
export type AssemblyFunction = {
  readonly name: string;
  readonly parameters: number;
  /** Further locals: first the i32 ones, then the v128 ones. */
  readonly integers: number;
  readonly vectors: number;
  readonly body: Code;
};

const i32 = 0x7f;
const v128 = 0x7b;

/** "\\0asm", version 1. */
const magic: Code = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** A module that works on an imported shared memory, `engine.memory`, of any size. */
export function encodeModule(functions: readonly AssemblyFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters }) => [0x60, ...vector(repeat(i32, parameters)), 0]);
  const [isShared, smallest, largest] = [0x03, 1, 65536];
  const memory = [...text("engine"), ...text("memory"), 0x02, isShared];
  const limits = [...unsigned(smallest), ...unsigned(largest)];
  return Uint8Array.from([
    ...magic,

    ...section(1, list(types)),
    ...section(2, list([[...memory, ...limits]])),
    ...section(3, list(functions.map((_, index) => unsigned(index)))),
    ...section(7, list(functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]))),
    ...section(10, list(functions.map((entry) => vector(encodeFunction(entry))))),
  ]);
}

function encodeFunction({ integers, vectors, body }: AssemblyFunction): Code {
  const locals = [
    [...unsigned(integers), i32],
    [...unsigned(vectors), v128],
  ];
  return [...list(locals), ...body, 0x0b];
}

/** LEB128 of a number that is not negative. */
export function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(Math.floor(value / 0x80))];
}

function section(id: number, contents: Code): Code {
  return [id, ...vector(contents)];
}

function vector(bytes: Code): Code {
  return [...unsigned(bytes.length), ...bytes];
}

function list(entries: readonly Code[]): Code {
  return [...unsigned(entries.length), ...entries.flat()];
}

function text(name: string): Code {
  return vector([...new TextEncoder().encode(name)]);
}

function repeat(value: number, times: number): number[] {
  return Array.from({ length: times }, () => value);
}
