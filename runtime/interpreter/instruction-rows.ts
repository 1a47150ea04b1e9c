import { activationRows } from "./activation-rows.ts";
import { kernelRows } from "./kernel-rows.ts";
import type { Row } from "./lowering.ts";

/** How each instruction of `compiler/ir/instructions.ts` becomes calls of primitives; leaves are the plan's own. */
export const instructionRows: Readonly<Record<string, Row>> = { ...kernelRows, ...activationRows };
