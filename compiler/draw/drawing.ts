import type { QuantizedModel } from "../ir/index.ts";

/** What is drawn. */
export interface Drawing extends QuantizedModel {
  /** Blocks without quantizers train merged too, as those of RepQ do. */
  readonly trainsMerged: boolean;
}
