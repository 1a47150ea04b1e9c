import { compile } from "../compiler/compile.ts";
import type { Program } from "../compiler/ir/index.ts";
import { createHost } from "../cli/host.ts";
import { packageRoot } from "../cli/package-root.ts";

/** A block of `blocks.repq`, under one of its policies. */
export interface BenchBlock {
  readonly block: string;
  readonly policy?: string;
}

export function compileBenchBlock(
  { block, policy }: BenchBlock,
  side: number,
  channels: number,
): Program {
  const { host, entry: file } = createHost({ folder: packageRoot, entry: "bench/blocks.repq" });
  const request = {
    file,
    entry: `${block}(${channels})`,
    shape: [side, side, channels],
    form: "branches",
  } as const;
  const { program, diagnostics } = compile(
    { ...request, ...(policy !== undefined && { policy }) },
    host,
  );
  if (!program) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return program;
}
