import { Command } from "commander";
import { catalog, diagnostic, suggest } from "../../compiler/diagnostics/index.ts";
import type { Code } from "../../compiler/diagnostics/index.ts";
import { codeList, explanation } from "../explanation.ts";
import type { Session } from "../session.ts";
import { UserMistake } from "../user-mistake.ts";

export function explainCommand(session: Session): Command {
  return new Command("explain")
    .description("Explain a diagnostic, with an example; without a code, list them all.")
    .argument("[code]", "what stands in brackets after `error`, such as merge/not-affine")
    .action((code: string | undefined) => session.end(explain(code, session)));
}

/** Prints the section of a diagnostic. @returns the exit code */
export function explain(code: string | undefined, { terminal }: Pick<Session, "terminal">): number {
  if (code === undefined) {
    terminal.write(codeList(terminal.style));
    return 0;
  }
  const name = code.replace(/^(?:error|warning|hint)?\[(.*)\]:?$/, "$1");
  if (!isCode(name)) {
    const suggestion = suggest(name, Object.keys(catalog)) ?? sameSlug(name);
    throw new UserMistake(diagnostic("config/unknown-code", undefined, { name, suggestion }));
  }
  terminal.write(explanation(name, terminal.style));
  return 0;
}

function isCode(name: string): name is Code {
  return Object.hasOwn(catalog, name);
}

/** A code of another area whose slug is this one, or close to it, or contains it. */
function sameSlug(name: string): string | undefined {
  const slug = name.slice(name.lastIndexOf("/") + 1);
  const codes = Object.keys(catalog);
  const close = suggest(slug, codes.map(slugOf));
  const tests = [slug, close].map((wanted) => (code: string) => slugOf(code) === wanted);
  const contains = (code: string): boolean => slug !== "" && slugOf(code).includes(slug);
  return [...tests, contains].map((test) => codes.find(test)).find((code) => code !== undefined);
}

function slugOf(code: string): string {
  return code.slice(code.indexOf("/") + 1);
}
