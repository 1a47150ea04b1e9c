/** A file of one's own reaches the whole library by `repq:`, through the host of the command line. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHost } from "../../cli/host.ts";
import { compile, compileRecipe, type CompileRequest } from "../../compiler/compile.ts";

const text = `import { RepVGG } from "repq:blocks/repvgg"
import { ECBSR_M4C8 } from "repq:models/ecbsr"
import { RepVGG_A0 } from "repq:models/repvgg"
import { RepQ as Ends } from "repq:quant/ecbsr"
import { RepQ, RepQ_BNEst } from "repq:quant/repvgg"
import { QAT4 } from "repq:recipes/repvgg"

/// A classifier of one's own, of blocks of the library.
model Small {
  input image: image[16, 16, 3]

  body = image -> RepVGG(8, stride: 2) -> RepVGG(8)

  output body -> global_avg -> dense(10)
}
`;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "repqc-library-"));
  writeFileSync(join(folder, "mine.repq"), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

function compileMine(request: Omit<CompileRequest, "file">) {
  const { host, entry } = createHost({ folder, entry: "mine.repq" });
  return compile({ file: entry, ...request }, host);
}

describe("a user's file", () => {
  it("is sound as a whole", () => {
    expect(compileMine({}).diagnostics).toEqual([]);
  });

  it.each([
    ["RepVGG_A0", "RepQ(4)", [224, 224, 3], [1000]],
    ["RepVGG_A0(10)", "RepQ_BNEst", [224, 224, 3], [10]],
    ["ECBSR_M4C8(4)", "Ends(4)", [32, 32, 1], [128, 128, 1]],
    ["Small", "RepQ(3)", [16, 16, 3], [10]],
  ] as const)("compiles %s with %s", (entry, policy, input, output) => {
    const { program, diagnostics } = compileMine({ entry, policy });
    expect(diagnostics).toEqual([]);
    expect(program?.input.shape).toEqual(input);
    expect(program?.output.shape).toEqual(output);
    expect(program?.weights.some(({ role }) => role === "step")).toBe(true);
  });

  it("trains by an imported recipe", () => {
    const { host, entry } = createHost({ folder, entry: "mine.repq" });
    const { recipe, diagnostics } = compileRecipe({ file: entry, recipe: "QAT4" }, host);
    expect(diagnostics).toEqual([]);
    expect(recipe?.epochs).toBe(120);
  });

  it("may compile a file of the library itself", () => {
    const { host, entry } = createHost({ folder, entry: "repq:models/mobileone" });
    const { program, diagnostics } = compile({ file: entry, entry: "MobileOne_S0" }, host);
    expect(diagnostics).toEqual([]);
    expect(program?.deployed.filter(({ role }) => role === "kernel")).toHaveLength(44);
  });
});
