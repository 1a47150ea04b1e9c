import { type Code, unsigned } from "./encode.ts";

/** A local variable, by its index. */
export type Local = number;

const simd = 0xfd;

export const get = (local: Local): Code => [0x20, ...unsigned(local)];
export const set = (local: Local, value: Code): Code => [...value, 0x21, ...unsigned(local)];

export const add = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
export const multiply = (a: Code, b: Code): Code => [...a, ...b, 0x6c];

/** A constant from 0 to 63, which signed LEB128 writes in one byte. */
export const constant = (value: number): Code => [0x41, value];

/** local = local + amount. */
export const advance = (local: Local, amount: Code): Code => set(local, add(get(local), amount));

/** Runs the body for local = 0, step, 2 step ... below the limit; at least once. */
export function loop(local: Local, step: Code, limit: Code, body: Code): Code {
  const isBelow = 0x49; // i32.lt_u
  const again: Code = [...advance(local, step), ...get(local), ...limit, isBelow, 0x0d, 0];
  return [...set(local, constant(0)), 0x03, 0x40, ...body, ...again, 0x0b];
}

/** Four floats from memory. */
export const loadVector = (address: Code, offset: number): Code => access(0x00, address, offset);

/** One float from memory, four times. */
export const loadSplat = (address: Code, offset: number): Code => access(0x09, address, offset);

export function storeVector(address: Code, offset: number, value: Code): Code {
  return [...address, ...value, simd, 0x0b, 0, ...unsigned(offset)];
}

export const zeroVector: Code = [simd, 0x0c, ...Array.from({ length: 16 }, () => 0)];
export const addVectors = (a: Code, b: Code): Code => [...a, ...b, simd, 0xe4, 0x01];
export const multiplyVectors = (a: Code, b: Code): Code => [...a, ...b, simd, 0xe6, 0x01];

function access(operation: number, address: Code, offset: number): Code {
  return [...address, simd, operation, 0, ...unsigned(offset)];
}
