import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../../shared/vectors/", import.meta.url));

/** Whether the vectors computed by the papers' own code are beside the repository. */
export const hasVectors = existsSync(folder);

if (!hasVectors) console.warn(`Tests of published vectors are skipped: there is no ${folder}`);

export type VectorTensor = { readonly shape: readonly number[]; readonly data: Float32Array };
export type VectorFile = {
  readonly tensors: ReadonlyMap<string, VectorTensor>;
  readonly metadata: Readonly<Record<string, string>>;
};

type Entry = { shape: number[]; data_offsets: [number, number] };

/** Reads a safetensors file of float32 tensors: eight bytes of header length, a JSON header, raw data. */
export function readVectors(name: string): VectorFile {
  const file = readFileSync(folder + name);
  const headerEnd = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, headerEnd)) as Record<string, unknown>;
  const { __metadata__: metadata = {}, ...entries } = header;
  const tensors = Object.entries(entries as Record<string, Entry>).map(([key, entry]) => {
    const [begin, end] = entry.data_offsets;
    const bytes = Uint8Array.from(file.subarray(headerEnd + begin, headerEnd + end));
    return [key, { shape: entry.shape, data: new Float32Array(bytes.buffer) }] as const;
  });
  return { tensors: new Map(tensors), metadata: metadata as Record<string, string> };
}
