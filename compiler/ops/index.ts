import { affine } from "./affine.ts";
import { avg } from "./avg.ts";
import { batchNorm } from "./batch-norm.ts";
import { conv } from "./conv.ts";
import { dense } from "./dense.ts";
import { depthToSpace } from "./depth-to-space.ts";
import { depthwise } from "./depthwise.ts";
import { filter } from "./filter.ts";
import { globalAvg } from "./global-avg.ts";
import { identity } from "./identity.ts";
import { maxPool } from "./max-pool.ts";
import { negate } from "./negate.ts";
import type { Op } from "./op.ts";
import { prelu } from "./prelu.ts";
import { relu } from "./relu.ts";
import { scale } from "./scale.ts";
import { slice } from "./slice.ts";
import { tile } from "./tile.ts";

/** Every op of the language, alphabetical by its name in `.repq`. */
export const ops: readonly Op[] = [
  affine,
  avg,
  batchNorm,
  conv,
  dense,
  depthToSpace,
  depthwise,
  filter,
  globalAvg,
  identity,
  maxPool,
  negate,
  prelu,
  relu,
  scale,
  slice,
  tile,
];

/** Op by its name in `.repq`. */
export const opByName: ReadonlyMap<string, Op> = new Map(ops.map((op) => [op.name, op]));

export { combinatorByName } from "./combinators.ts";
export type { Combinator } from "./combinators.ts";
export * from "./op.ts";
