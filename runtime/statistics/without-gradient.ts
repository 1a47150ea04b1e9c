import type { Argument } from "../../compiler/ir/plan.ts";
import type { Lowering } from "../interpreter/lowering.ts";

/** The same instruction with constants for arguments: what it yields has no gradient. */
export function withoutGradient(l: Lowering): Lowering {
  const detached = (n: number): Argument => l.shared("detach", [l.argument(n)])[0]!;
  // Running statistics, the last two, are constants as they are.
  const isRunning = (n: number) => n < 0 || n >= l.instruction.args.length - 2;
  return { ...l, argument: (n) => (isRunning(n) ? l.argument(n) : detached(n)) };
}
