import fc from "fast-check";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile, type CompileRequest, type Host } from "../../compiler/compile.ts";
import { isError } from "../../compiler/diagnostics/index.ts";
import { proveModel } from "../../compiler/prove/index.ts";
import { ops } from "../../compiler/ops/index.ts";
import { textHost } from "../support/compile-text.ts";
import { randomBlocks } from "../support/random-block.ts";
import { specHost } from "../support/spec-host.ts";
import { seed } from "./prove-text-block.ts";

const folder = new URL("../../specs/blocks/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".repq"));

function proveEntry(request: CompileRequest, host: Host) {
  const { model, program, diagnostics } = compile(request, host);
  if (!model || !program) {
    const messages = diagnostics.filter(isError).map(({ code, message }) => `${code}: ${message}`);
    throw new Error([request.entry, ...messages].join("\n"));
  }
  return proveModel(model.model, program, seed);
}

/** Every block that a file declares, as it is used without arguments but its channels, and with each stride that it has. */
function entriesOf(file: string): readonly string[] {
  const text = specHost.read(`blocks/${file}`) ?? "";
  return [...text.matchAll(/^block (\w+)([^{]*)\{/gm)].flatMap(([, name, head = ""]) => {
    const strided = /stride: 1 \| 2/.test(head) ? [`${name}(8, stride: 2)`] : [];
    return [`${name}(8)`, ...strided];
  });
}

/** Whether the block's own `require` keeps the channels. */
function isRefusedByItself(request: CompileRequest): boolean {
  return compile(request, specHost).diagnostics.some(({ code }) => code === "type/require-failed");
}

const entries = files.flatMap((file) => entriesOf(file).map((entry) => ({ file, entry })));

describe("the standard library", () => {
  it("has blocks", () => {
    expect(entries.length).toBeGreaterThan(10);
  });

  it.each(entries)(
    "$entry of $file is proved, keeping and changing the channels",
    ({ file, entry }) => {
      for (const channels of [8, 4]) {
        const shape = [9, 8, channels];
        const request = { file: `blocks/${file}`, entry, shape };
        if (channels === 4 && isRefusedByItself(request)) continue;
        const proof = proveEntry(request, specHost);
        expect(proof.isProved).toBe(true);
        expect(proof.certificates.length).toBeGreaterThan(0);
        for (const one of proof.certificates) expect(one.proof.boundExponent).toBeLessThan(-60);
      }
    },
  );
});

it("a model's blocks of one structure share a proof; what is no block is a barrier", () => {
  const proof = proveEntry({ file: "models/fashion.repq", entry: "Fashion" }, specHost);
  expect(proof.isProved).toBe(true);
  const paths = proof.certificates.map(({ island, sameAs }) => [island.path, sameAs]);
  expect(new Map(paths as [string, string][]).size).toBe(proof.certificates.length);
  expect(proof.barriers.map(({ op }) => op)).toEqual([
    ...Array<string>(5).fill("relu"),
    "global_avg",
  ]);
});

it("equal structure is what decides: the same block at the same channels, not at others or another stride", () => {
  const text = `block Mine(stride: 1 | 2 = 1) => conv(3x3, stride: stride) {
  branch a = conv(3x3) -> bn
  then relu
}
model Net {
  input x: image[32, 32, 4]
  a = x -> Mine(4) -> Mine(4)
  b = a -> Mine(4, stride: 2) -> Mine(4)
  output b -> Mine(8) -> Mine(8)
}`;
  const { certificates } = proveEntry({ file: "sample.repq", entry: "Net" }, textHost(text));
  const names = certificates.map(({ island, sameAs }) => [island.path, sameAs]);
  expect(names).toEqual([
    ["a.0", undefined],
    ["a.1", "a.0"],
    ["b.0", undefined],
    ["b.1", "a.0"],
    ["output.0", undefined],
    ["output.1", undefined],
  ]);
});

const affineOps = ops.filter((op) => op.kind === "affine");

it.each(affineOps.map(({ name, example }) => ({ name, example })))(
  "the documented example of $name is proved",
  ({ example }) => {
    const chain = example.replace(/SobelX|Laplacian/, "Edge");
    const isHead = chain.startsWith("global_avg");
    const text = `kernel Edge = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
model Net {
  input x: image[9, 8, 8]
  output x -> ${isHead ? chain : "Sample(8)"}
}
block Sample => conv(3x3) {
  branch a = ${isHead ? "identity" : chain}
  branch b = conv(3x3)
}`;
    const proof = proveEntry({ file: "sample.repq", entry: "Net" }, textHost(text));
    expect(proof.isProved).toBe(true);
  },
);

it("random blocks are proved: nested sums, joins, flips, anchors, strides, groups, even and dilated kernels", () => {
  fc.assert(
    fc.property(randomBlocks({ isDyadic: false, least: 1, most: 9 }), (block) => {
      const { text, entry, shape } = block;
      const proof = proveEntry({ file: "sample.repq", entry, shape }, textHost(text));
      expect(proof.certificates.map((one) => one.proof.refutation)).toEqual(
        proof.certificates.map(() => undefined),
      );
    }),
    { numRuns: 120 },
  );
});
