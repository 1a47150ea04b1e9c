import { compile } from "../../compiler/compile.ts";
import type { Program } from "../../compiler/ir/index.ts";
import type { Island } from "../../compiler/ir/index.ts";
import { Random } from "../../runtime/random.ts";
import { createHost } from "../host.ts";

/** A block of the standard library, under RepQ with 4 bits. */
export interface CompiledBlock {
  readonly program: Program;
  readonly island: Island;
}

/** @param shape [height, width, channels] */
export function compileBlock(shape: readonly [number, number, number]): CompiledBlock {
  const opened = createHost({
    folder: process.cwd(),
    entry: "repq:blocks/repvgg",
    other: "repq:quant/repvgg",
  });
  const { host, entry: file, other: policyFile } = opened;
  const request = { file, entry: `RepVGG(${shape[2]})`, shape, policy: "RepQ(4)" };
  const { program, model, diagnostics } = compile(
    { ...request, ...(policyFile !== undefined && { policyFile }) },
    host,
  );
  const island = model?.model.nodes.find((node) => node.kind === "island");
  if (!program || !island) throw new Error(`repqc bug: ${diagnostics[0]?.message}`);
  return { program, island };
}

/** Numbers for the block's weights, among them the steps, by path; all exact in float32. */
export function drawWeights(
  { weights }: Program,
  random: Random,
): ReadonlyMap<string, Float64Array> {
  return new Map(
    weights.map(({ path, shape, role }) => {
      const length = shape.reduce((product, size) => product * size, 1);
      const draw = () => Math.fround(drawOne(path, role, random));
      return [path, Float64Array.from({ length }, draw)];
    }),
  );
}

function drawOne(path: string, role: string, random: Random): number {
  if (role === "step") return path === "input.step" ? 0.0125 : random.uniform(0.08, 0.12);
  if (path.endsWith("variance") || role === "scale") return random.uniform(0.5, 1.5);
  return random.uniform(-0.5, 0.5);
}

/** Numbers of an activation, exact in float32. */
export function drawNumbers(length: number, random: Random): Float64Array {
  return Float64Array.from({ length }, () => Math.fround(random.uniform(-1.5, 2)));
}
