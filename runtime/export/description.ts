import type { Program } from "../../compiler/ir/program.ts";
import type { ExportOptions } from "./exporter.ts";

/** What a file says of where it is from. */
export function descriptionOf(
  { entry, source, policy }: Program,
  { generator, metadata }: ExportOptions,
): Readonly<Record<string, string>> {
  return {
    "repqc.source": source,
    "repqc.entry": entry,
    "repqc.policy": policy ?? "none",
    "repqc.generator": generator,
    ...metadata,
  };
}
