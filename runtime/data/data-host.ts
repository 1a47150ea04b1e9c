import type { FileHost } from "../files.ts";

/** Files, and the folders that they lie in. */
export interface DataHost extends FileHost {
  /** Names, not paths, of the folders in a folder, in any order; none where there is no such folder. */
  folders(folder: string): Promise<readonly string[]>;
}
