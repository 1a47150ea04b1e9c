import { joinPath, type FileHost } from "../../runtime/files.ts";
import { targetOf } from "../write-file-atomic.ts";
import { runFiles } from "./run-files.ts";

/** Beside a run's own files, what a killed process had half-written; whoever calls holds the run's lock. */
export async function removeHalfWritten(host: FileHost, out: string): Promise<void> {
  const own = new Set<string>(Object.values(runFiles));
  for (const folder of ["", `${runFiles.checkpoints}/`]) {
    for (const file of await host.list(joinPath(out, folder))) {
      const target = targetOf(file);
      if (target !== undefined && own.has(folder + target))
        await host.remove(joinPath(out, folder + file));
    }
  }
}

/**
 * What to tell where a run has no checkpoint to go on from, though tensors of one are there: the first save was
 * interrupted, or the file that makes a checkpoint of them is lost.
 */
export async function noteOfLostCheckpoint(
  host: FileHost,
  out: string,
): Promise<string | undefined> {
  const folder = joinPath(out, runFiles.checkpoints);
  const { checkpoint } = runFiles;
  const tensors = new RegExp(`^${checkpoint}-[0-9a-f]{16}\\.safetensors$`);
  const found = (await host.list(folder)).find((file) => tensors.test(file));
  if (found === undefined) return undefined;
  return (
    `note: \`${joinPath(folder, `${checkpoint}.json`)}\` is not there, so the run begins anew; the first checkpoint will replace ` +
    `the tensors in \`${found}\`. If nobody has removed that file, the first checkpoint was interrupted, and all is well\n`
  );
}
