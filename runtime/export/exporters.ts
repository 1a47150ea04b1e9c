import { onnxExporter } from "./export-onnx.ts";
import type { Exporter } from "./exporter.ts";
import { tfjsExporter } from "./tfjs/export-tfjs.ts";

/** Every format that can be written, in the order of the help. */
export const exporters: readonly Exporter[] = [onnxExporter, tfjsExporter];
