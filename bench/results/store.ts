import { readSafetensors, writeSafetensors } from "../../runtime/safetensors.ts";
import { joinPath, type FileHost } from "../../runtime/files.ts";
import { sha256 } from "../../runtime/sha256.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import { cellId, type Cell } from "./cell.ts";

/** A finished cell. */
export interface CellResult extends Cell {
  readonly key: string;
  /** Accuracy from 0 to 1, or PSNR-Y in decibels. */
  readonly score: number;
  /** Of training and test together; of an interrupted cell, what came after the interruption. */
  readonly seconds: number;
  /** Parameters of the deployed convolutions, steps of quantizers left out. */
  readonly parameters: number;
  /** SHA-256 of the weights' file, where other cells start from them. */
  readonly weights?: string;
}

/** Finished cells in a folder: a JSON file each, and weights beside it where others start from them. */
export interface ResultStore {
  /** Nothing where there is none under this key, or its file is damaged: then the cell is to be run. */
  find(cell: Cell, key: string): Promise<CellResult | undefined>;
  /** @throws UnwritableFile */
  keep(result: CellResult, weights?: HostWeights): Promise<void>;
  /** Nothing where they are not there whole. */
  weights(result: CellResult): Promise<HostWeights | undefined>;
}

/** Keyed by what the cell depends on, so that results of an earlier spec stay and are not taken for present ones. */
export function openStore(host: FileHost, folder: string): ResultStore {
  const pathOf = (cell: Cell, key: string, ending: string): string =>
    joinPath(folder, `${cellId(cell)}-${key}.${ending}`);
  return {
    async find(cell, key) {
      const path = pathOf(cell, key, "json");
      if (!(await host.exists(path))) return undefined;
      return parseResult(await host.read(path), key);
    },
    async keep(result, weights) {
      const bytes = weights && writeSafetensors(weights);
      if (bytes) await host.write(pathOf(result, result.key, "safetensors"), bytes);
      // The weights come first: where this file is, they are.
      const whole = { ...result, ...(bytes && { weights: await sha256(bytes) }) };
      const text = `${JSON.stringify(whole, null, 2)}\n`;
      await host.write(pathOf(result, result.key, "json"), new TextEncoder().encode(text));
    },
    async weights(result) {
      const path = pathOf(result, result.key, "safetensors");
      if (result.weights === undefined || !(await host.exists(path))) return undefined;
      const bytes = await host.read(path);
      return (await sha256(bytes)) === result.weights
        ? readSafetensors(bytes, path).tensors
        : undefined;
    },
  };
}

function parseResult(bytes: Uint8Array, key: string): CellResult | undefined {
  try {
    const found = JSON.parse(new TextDecoder().decode(bytes)) as CellResult;
    return found.key === key && Number.isFinite(found.score) ? found : undefined;
  } catch {
    return undefined;
  }
}
