import { describe, expect, it } from "vitest";
import { printGraph, type Program } from "../../compiler/ir/index.ts";
import { compileSpec } from "../support/spec-host.ts";

const inputShape = [8, 8, 8];

/** Entries whose graphs are written down; `npx vitest run test/golden --update` writes them anew. */
const entries = [
  { name: "repvgg", file: "blocks/repvgg.repq", entry: "RepVGG(8)" },
  { name: "repvgg-stride-2", file: "blocks/repvgg.repq", entry: "RepVGG(8, stride: 2)" },
  { name: "ecb", file: "blocks/ecb.repq", entry: "ECB(8)" },
];

function line(path: string, shape: readonly number[], ...details: readonly string[]): string {
  return [path, `[${shape.join(", ")}]`, ...details].join("  ");
}

/** Paths are how weights are found in files: they may not change. */
function printWeights({ weights, deployed }: Program): string {
  const trained = weights.map(({ path, shape, role, initial }) =>
    line(path, shape, role, Object.values(initial).join(" ")),
  );
  const merged = deployed.map(({ path, shape, role }) => line(path, shape, role));
  return ["# weights", ...trained, "", "# deployed weights", ...merged, ""].join("\n");
}

describe.each(entries)("$entry", ({ name, file, entry }) => {
  it("has the graphs and weight paths that are written down", async () => {
    const folded = compileSpec(file, entry, inputShape, "folded");
    const merged = compileSpec(file, entry, inputShape, "merged");
    const text = [
      printWeights(folded),
      `# train, folded\n${printGraph(folded.train)}`,
      `# train, merged\n${printGraph(merged.train)}`,
      `# merge\n${printGraph(folded.merge)}`,
      `# deploy\n${printGraph(folded.deploy)}`,
    ].join("\n");
    expect(merged.weights).toEqual(folded.weights);
    expect(printGraph(merged.merge)).toBe(printGraph(folded.merge));
    await expect(text).toMatchFileSnapshot(`${name}.txt`);
  });
});
