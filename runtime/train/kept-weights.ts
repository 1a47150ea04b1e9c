import type { HostWeights } from "../weights.ts";
import { averagedWeights, hasAverage } from "./average-weights.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { EpochReport } from "./progress.ts";
import { readSession } from "./session-record.ts";
import { splitBest } from "./training-session.ts";

/** Reports of the epochs before a checkpoint. */
export function historyOf({ state }: Checkpoint): readonly EpochReport[] {
  return readSession(state.more).history;
}

/** What a training would end with if it ended at a checkpoint. */
export interface KeptWeights {
  readonly weights: HostWeights;
  /** The epoch, from 1, that they are of, where the recipe keeps the best. */
  readonly bestEpoch?: number;
  readonly isAveraged: boolean;
}

/** The weights of the best epoch so far, or averaged ones, as the recipe says; statistics are not measured anew. */
export function keptWeights({ weights, optimizer, state }: Checkpoint): KeptWeights {
  const isAveraged = hasAverage({ weights, optimizer });
  const { best: epoch } = readSession(state.more);
  const { best, memory } = splitBest(optimizer);
  if (epoch && best.size > 0) return { weights: best, bestEpoch: epoch.epoch, isAveraged };
  return { weights: averagedWeights({ weights, optimizer: memory }), isAveraged };
}
