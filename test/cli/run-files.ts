import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../cli/main.ts";
import { Random } from "../../runtime/random.ts";
import { readSafetensors, writeSafetensors, type HostTensor } from "../../runtime/safetensors.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import type { FakeTerminal } from "./fake-terminal.ts";

export function randomTensor(
  random: Random,
  shape: readonly number[],
  draw = () => random.normal(0, 1),
): HostTensor {
  const length = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float32Array.from({ length }, draw) };
}

/** Random weights for an entry, by what `repqc weights` says of it. */
export async function randomWeights(
  terminal: FakeTerminal,
  ...args: readonly string[]
): Promise<Map<string, HostTensor>> {
  const parts: string[] = [];
  const listening = { ...terminal, write: (text: string) => void parts.push(text) };
  await main(["weights", ...args, "--format", "json"], listening);
  const random = Random.fromSeed(3);
  const { weights } = JSON.parse(parts.join("")) as {
    weights: { path: string; shape: number[]; role: string }[];
  };
  return new Map(
    weights
      .filter(({ role }) => role !== "step")
      .map(({ path, shape }) => {
        const draw = () =>
          path.endsWith("variance") ? random.uniform(0.5, 2) : random.normal(0, 0.5);
        return [path, randomTensor(random, shape, draw)];
      }),
  );
}

export function save({ folder }: FakeTerminal, file: string, tensors: HostWeights): void {
  writeFileSync(join(folder, file), writeSafetensors(tensors));
}

export function load({ folder }: FakeTerminal, file: string): HostWeights {
  return readSafetensors(new Uint8Array(readFileSync(join(folder, file))), file).tensors;
}
