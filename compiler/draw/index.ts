import type { QuantizedModel } from "../ir/index.ts";
import { layOut } from "./picture.ts";
import { toSvg } from "./svg.ts";

/**
 * A model or block as an SVG: its branches, what they become, and its quantizers. The same model gives the same bytes.
 * @param trainsMerged whether blocks train merged even without quantizers
 */
export function drawModel(quantized: QuantizedModel, trainsMerged = false): string {
  return toSvg(layOut({ ...quantized, trainsMerged }));
}
