import { compile, type CompileRequest } from "../../compiler/compile.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { createHost } from "../../cli/host.ts";
import { packageRoot } from "../../cli/package-root.ts";

export interface ProgramCase {
  readonly name: string;
  readonly file: string;
  readonly request: Omit<CompileRequest, "file">;
}

const repvgg = "specs/blocks/repvgg.repq";
const ecb = "specs/blocks/ecb.repq";
const fashion = "specs/models/fashion.repq";
const everything = "test/emit/everything.repq";
const shape = [6, 5, 4] as const;
const forms = ["branches", "folded", "merged"] as const;
const policies = ["Branches", "Sampled", "Estimated", "Frozen", "Running", "Range", "Offset"];

/** Blocks and models of the standard library, and a spec with every op, in all forms and under all policies. */
export const programCases: readonly ProgramCase[] = [
  ...forms.flatMap((form) => [
    program(repvgg, { entry: "RepVGG(4)", shape, form }),
    program(repvgg, { entry: "RepVGG(6, stride: 2, groups: 2)", shape, form }),
    program(ecb, { entry: "ECB(4, residual: true)", shape, form }),
    program(fashion, { entry: "Fashion", form }),
    program(everything, { entry: "Everything", form }),
  ]),
  ...policies.map((policy) => program(everything, { entry: "Everything", policy })),
  program(fashion, { entry: "RepVGG(4)", shape, policy: "RepQ" }),
  program(fashion, { entry: "Fashion", policy: "RepQ" }),
  program(fashion, { entry: "Fashion(7)", policy: "Merged(3)" }),
];

function program(file: string, request: ProgramCase["request"]): ProgramCase {
  const { entry, policy, form } = request;
  return { name: [entry, policy, form].filter(Boolean).join(" "), file, request };
}

export function compileCase({ file, request }: ProgramCase): Program {
  const { host, entry } = createHost({ folder: packageRoot, entry: file });
  const { program: compiled, diagnostics } = compile({ ...request, file: entry }, host);
  if (!compiled) throw new Error(JSON.stringify(diagnostics.map(({ message }) => message)));
  return compiled;
}
