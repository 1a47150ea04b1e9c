import { compile } from "../../compiler/compile.ts";
import { layOut, type Picture } from "../../compiler/draw/picture.ts";
import type { Program, QuantizedModel } from "../../compiler/ir/index.ts";
import { textHost } from "../support/compile-text.ts";
import { specHost } from "../support/spec-host.ts";
import type { Host } from "../../compiler/host.ts";

export interface Drawn {
  readonly picture: Picture;
  readonly model: QuantizedModel;
  readonly program: Program;
}

interface Source {
  readonly text: string;
  readonly entry: string;
  readonly shape?: readonly number[];
  readonly policy?: string;
}

const ours = textHost("");

/** The standard library beside one text. */
function hostOf(text: string): Host {
  const own = textHost(text);
  return {
    read: (path) => own.read(path) ?? specHost.read(path),
    resolve: (from, specifier) =>
      from === "sample.repq" && !specifier.startsWith("repq:")
        ? ours.resolve(from, specifier)
        : specHost.resolve(from, specifier),
  };
}

/** Compiles and lays out what must be sound. */
export function drawText({ text, entry, shape, policy }: Source): Drawn {
  const request = {
    file: "sample.repq",
    entry,
    ...(shape && { shape }),
    ...(policy && { policy }),
  };
  const { program, model, diagnostics } = compile(request, hostOf(text));
  if (!program || !model)
    throw new Error([text, ...diagnostics.map(({ message }) => message)].join("\n"));
  return { program, model, picture: layOut({ ...model, trainsMerged: false }) };
}

/** Policies of the three kinds. */
export const policies = (["merged", "after_merge", "branches"] as const)
  .map(
    (on) => `quant On_${on} {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
  on:          ${on}
  sums:        lsq(bits: 8)
  at first { activations: lsq(bits: 8, per: tensor) }
}`,
  )
  .join("\n");
export const policyNames = ["On_merged", "On_after_merge", "On_branches"] as const;

/** Paths of everything that a kind of shape stands for. */
export function pathsIn({ shapes }: Picture, kind: "box" | "badge"): ReadonlySet<string> {
  return new Set(shapes.flatMap((shape) => (shape.kind === kind ? shape.paths : [])));
}
