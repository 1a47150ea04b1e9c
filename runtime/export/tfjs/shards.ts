import { concatenateBytes } from "../../concatenate-bytes.ts";
import type { StoredWeight } from "./stored-weight.ts";

/** Largest file of weights, as TensorFlow's own converter cuts them: browsers cache files up to this size. */
const shardBytes = 4 * 1024 * 1024;

/** The weights one behind another, cut into files; by name, in order. */
export function shardsOf(weights: readonly StoredWeight[]): Map<string, Uint8Array<ArrayBuffer>> {
  const all = concatenateBytes(weights.map(({ bytes }) => bytes));
  const count = Math.max(1, Math.ceil(all.length / shardBytes));
  return new Map(
    Array.from({ length: count }, (_, i) => [
      `group1-shard${i + 1}of${count}.bin`,
      all.slice(i * shardBytes, (i + 1) * shardBytes),
    ]),
  );
}
