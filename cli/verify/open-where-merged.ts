import { BackendUnavailable, type Backend } from "../../runtime/backends/index.ts";
import { openChosenBackend, type BackendChoice } from "../backend-options.ts";
import type { GivenModel } from "./given-model.ts";

export interface OpenedFor {
  readonly backend: Backend;
  /** What a model was merged on, where that is not here. */
  readonly mergedElsewhere?: string;
  /** Sentences without full stop. */
  readonly notes: readonly string[];
}

/**
 * Opens what was chosen; but for an exported model what that was merged on, where it is here. Backends add in orders of their own, so that
 * on another one the same branches merge to numbers with other last bits, and nothing could be compared bit for bit.
 *
 * @throws BackendUnavailable where not even what was chosen is here
 */
export async function openWhereMerged(
  given: Pick<GivenModel, "name" | "mergedOn"> | undefined,
  choice: BackendChoice,
): Promise<OpenedFor> {
  const quiet = () => {};
  const { name, mergedOn } = given ?? {};
  if (mergedOn === undefined || mergedOn === choice.backend) {
    return { backend: await openChosenBackend(choice, quiet), notes: [] };
  }
  try {
    const own = { ...choice, backend: mergedOn } as BackendChoice;
    const backend = await openChosenBackend(own, quiet);
    const note = `computed on ${mergedOn}, where ${name} was merged, and not on ${choice.backend}, whose merge has other last bits`;
    return { backend, notes: [note] };
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    const note = `${name} was merged on ${mergedOn}, which is not here: ${error.reason}`;
    const backend = await openChosenBackend(choice, quiet);
    return { backend, mergedElsewhere: mergedOn, notes: [note] };
  }
}
