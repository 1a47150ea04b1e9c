import { bytesInUnits, type Program } from "../../compiler/ir/index.ts";
import type { ExportedModel, Exporter } from "../../runtime/export/index.ts";

export interface Exported {
  /** Where it was written. */
  readonly out: string;
  readonly program: Program;
  readonly exporter: Exporter;
  readonly model: ExportedModel;
  /** The command that compares its outputs with the trained ones; nothing where no engine need give them. */
  readonly verify: string | undefined;
}

/** What was written, how large it is, and how to verify it. */
export function exportSummary({ out, program, exporter, model, verify }: Exported): string {
  const { entry, source, policy } = program;
  const { float, stored } = model.weightBytes;
  const form = policy === undefined ? "in floating point" : `quantized by ${policy}`;
  const isFolder = exporter.makes === "folder";
  const shards = model.files.size - 1;
  const parts = isFolder
    ? `: model.json and ${shards} ${shards === 1 ? "file" : "files"} of weights`
    : "";
  const lines = [
    `wrote ${out}${parts}`,
    `${entry} of ${source}, ${form}`,
    `weights: ${bytesInUnits(stored)}, as float32 ${bytesInUnits(float)} (${(float / stored).toFixed(1)} times that)`,
    verify === undefined
      ? "it cannot be verified: numbers that are not quantized decide about levels, and engines round them each in their own way"
      : `to compare it with what was trained: ${verify}`,
  ];
  return `${lines.join("\n")}\n`;
}
