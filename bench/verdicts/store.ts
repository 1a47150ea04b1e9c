import { joinPath, type FileHost } from "../../runtime/files.ts";
import { readSafetensors, writeSafetensors } from "../../runtime/safetensors.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import { cellId, type Cell } from "./cell.ts";
import type { CellVerdict } from "./verdict.ts";

/** Finished cells and trained weights in a folder, named by what they depend on: what has changed since is not found. */
export interface VerdictStore {
  /** Nothing where there is none under this key, or its file is damaged: then the cell is to be run. */
  find(cell: Cell, key: string): Promise<CellVerdict | undefined>;
  /** @throws UnwritableFile */
  keep(cell: Cell, key: string, verdict: CellVerdict): Promise<void>;
  /** Weights as they were kept under this name, or made and kept now. @throws UnwritableFile, or what making throws */
  weights(name: string, make: () => Promise<HostWeights>): Promise<HostWeights>;
}

export function openStore(host: FileHost, folder: string): VerdictStore {
  const pathOf = (cell: Cell, key: string): string =>
    joinPath(folder, `${cellId(cell)}-${key}.json`);
  return {
    async find(cell, key) {
      const path = pathOf(cell, key);
      return (await host.exists(path)) ? parse(await host.read(path)) : undefined;
    },
    async keep(cell, key, verdict) {
      const text = `${JSON.stringify(verdict, null, 2)}\n`;
      await host.write(pathOf(cell, key), new TextEncoder().encode(text));
    },
    async weights(name, make) {
      const path = joinPath(folder, `${name}.safetensors`);
      const found = await readWeights(host, path);
      if (found) return found;
      const made = await make();
      await host.write(path, writeSafetensors(made));
      return made;
    },
  };
}

function parse(bytes: Uint8Array): CellVerdict | undefined {
  try {
    const found = JSON.parse(new TextDecoder().decode(bytes)) as CellVerdict;
    return Array.isArray(found.rows) ? found : undefined;
  } catch {
    return undefined;
  }
}

async function readWeights(host: FileHost, path: string): Promise<HostWeights | undefined> {
  if (!(await host.exists(path))) return undefined;
  try {
    return readSafetensors(await host.read(path), path).tensors;
  } catch {
    return undefined; // Damaged: to be made again.
  }
}
