import type { Argument } from "../../compiler/ir/plan.ts";
import type { Lowering } from "../interpreter/lowering.ts";

/** The same instruction with constants for arguments: what it yields has no gradient. */
export function withoutGradient(l: Lowering): Lowering {
  const detached = new Map<number, Argument>();
  const argument = (n: number): Argument => {
    const place = n < 0 ? l.instruction.args.length + n : n;
    const known = detached.get(place);
    if (known) return known;
    const [constant] = l.shared("detach", [l.argument(place)]);
    detached.set(place, constant!);
    return constant!;
  };
  // Running statistics, the last two, are constants as they are.
  const isRunning = (n: number) => n < 0 || n >= l.instruction.args.length - 2;
  return { ...l, argument: (n) => (isRunning(n) ? l.argument(n) : argument(n)) };
}
