import type { Declaration } from "../../grammar/index.ts";
import { limits } from "../limits.ts";

/** Steps that an op costs: its arguments, its checks, its place in the graphs. */
const stepsPerNode = 10;

/** What all pieces of one compilation share: the work left (rule S15), and which declarations have had their mistakes told already. */
export class Session {
  readonly isBroken: (declaration: Declaration) => boolean;
  private left: number = limits.work;

  constructor(isBroken: (declaration: Declaration) => boolean = () => false) {
    this.isBroken = isBroken;
  }

  /** Counts work; tells whether the limit has been passed for the first time just now. */
  spend(steps: number): "within" | "passed" | "spent" {
    const before = this.left;
    this.left -= steps;
    if (this.left >= 0) return "within";
    return before >= 0 ? "passed" : "spent";
  }

  spendNodes(count: number): ReturnType<Session["spend"]> {
    return this.spend(count * stepsPerNode);
  }
}
