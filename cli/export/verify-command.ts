import { relative, sep } from "node:path";
import type { Exporter } from "../../runtime/export/index.ts";
import type { ExportChoice } from "./what-to-export.ts";

export interface Written {
  /** What was exported, as the user named it. */
  readonly what: string;
  /** The same where it is a run. */
  readonly run: string | undefined;
  /** Where the model is. */
  readonly out: string;
  readonly exporter: Exporter;
  readonly choice: ExportChoice;
}

/** The command line that compares an exported model with what was trained. */
export function verifyCommand({ what, run, out, exporter, choice }: Written): string {
  if (run !== undefined) {
    return liesIn(out, run) ? command(out) : command(out, ["--run", run]);
  }
  const { entry, quant, inputShape, form, root = [], weights } = choice;
  const given = Object.entries({
    "--entry": entry,
    "--quant": quant,
    "--input-shape": inputShape,
    "--form": form,
    "--weights": weights,
    [`--${exporter.name}`]: out,
  }).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  const roots = root.flatMap((folder) => ["--root", folder]);
  return `${command(what, [...given, ...roots])} --input FILE.safetensors`;
}

/** Directly, so that `repqc verify` finds the run by itself. */
function liesIn(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return !inside.startsWith("..") && !inside.includes(sep);
}

function command(what: string, options: readonly string[] = []): string {
  const words = [what, ...options].map((word) =>
    /^[\w./:,#=-]+$/.test(word) ? word : quoted(word),
  );
  return ["repqc verify", ...words].join(" ");
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
