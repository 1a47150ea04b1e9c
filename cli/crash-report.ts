import { packageVersion } from "./package-root.ts";

/** What to print when repqc itself is wrong. The stack is for us: only with REPQC_DEBUG=1. */
export function crashReport(
  error: unknown,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const lines = [
    `repqc has a bug, and this is not your fault: ${reason}`,
    "",
    `  repqc ${packageVersion()}, Node.js ${process.version}, ${process.platform}-${process.arch}`,
    `  repqc ${args.join(" ")}`,
    "",
    "Please report it with the lines above and, if you can, the spec that shows it.",
  ];
  const isDebugging = environment.REPQC_DEBUG === "1";
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  lines.push(
    isDebugging ? `\n${stack}` : "REPQC_DEBUG=1 in the environment shows where it happened.",
  );
  return `${lines.join("\n")}\n`;
}
