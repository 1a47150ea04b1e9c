import { compile } from "../compiler/compile.ts";
import { createHost } from "../cli/host.ts";
import { packageRoot } from "../cli/package-root.ts";
import { renderTable } from "../cli/table.ts";
import { median } from "./median.ts";

const models = [
  { file: "repq:models/repvgg", entry: "RepVGG_B0" },
  { file: "repq:models/ecbsr", entry: "ECBSR_M10C32(scale: 4)" },
] as const;
const ROUNDS = 15;

/** From text to program, files read anew each time. The very first also builds the parser and runs everything cold. */
export function measureCompile(): void {
  const rows = models.map(({ file, entry }) => {
    const [first = NaN, ...rest] = Array.from({ length: ROUNDS }, () => timeOf(file, entry));
    return [`compile ${entry}`, first.toFixed(1), median(rest).toFixed(1)];
  });
  console.log(renderTable(["once loaded", "first ms", "ms"], rows));
}

/** Milliseconds of one compilation. */
function timeOf(file: string, entry: string): number {
  const start = performance.now();
  const { host, entry: path } = createHost({ folder: packageRoot, entry: file });
  const { program, diagnostics } = compile({ file: path, entry }, host);
  const time = performance.now() - start;
  if (!program) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return time;
}
