import { readFileSync } from "node:fs";
import { join } from "node:path";
import { programJson, programModule, type ProgramPlans } from "../compiler/7-emit/index.ts";
import type { Program } from "../compiler/ir/index.ts";
import { makePlan } from "../runtime/interpreter/make-plan.ts";
import { primitiveFile } from "../runtime/interpreter/primitive-files.ts";
import type { PrimitiveName } from "../runtime/interpreter/primitives.ts";
import { packageRoot } from "./package-root.ts";

/** Prettier takes a hundred times a text's length in memory: a longer module is left as it is, valid but not pretty. */
const LONGEST_FORMATTED = 1024 * 1024;

/** A program as it is written to files. */
export interface ProgramTexts {
  readonly json: string;
  readonly typescript: string;
}

/**
 * A program's JSON and its TypeScript module, formatted.
 * @param command the call that made it
 */
export async function programTexts(program: Program, command: string): Promise<ProgramTexts> {
  const module = programModule(program, {
    plans: plansOf(program),
    sources: { fileOf: (name) => primitiveFile(name as PrimitiveName), read: readRuntime },
    command,
  });
  return { json: programJson(program), typescript: await formatted(module) };
}

async function formatted(module: string): Promise<string> {
  if (module.length > LONGEST_FORMATTED) return module;
  const { format } = await import("prettier");
  return format(module, { parser: "typescript", printWidth: 100 });
}

function plansOf({ train, merge, deploy }: Program): ProgramPlans {
  return {
    trainStep: makePlan(train, "train"),
    evaluation: makePlan(train, "eval"),
    merge: makePlan(merge, "eval"),
    deploy: makePlan(deploy, "eval"),
  };
}

/** The runtime's files travel with the package, as sources. */
function readRuntime(file: string): string {
  return readFileSync(join(packageRoot, "runtime", file), "utf8");
}
