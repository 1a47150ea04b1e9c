import { limits } from "../limits.ts";

/** Steps that an op costs: its arguments, its checks, its place in the graphs. */
const stepsPerNode = 10;

/** Work left for one compilation (rule S15); what cannot be counted before it is done is counted while it is. */
export class Budget {
  private left: number = limits.work;

  /** Whether the limit has been passed for the first time just now. */
  spend(steps: number): "within" | "passed" | "spent" {
    const before = this.left;
    this.left -= steps;
    if (this.left >= 0) return "within";
    return before >= 0 ? "passed" : "spent";
  }

  spendNodes(count: number): ReturnType<Budget["spend"]> {
    return this.spend(count * stepsPerNode);
  }
}
