/** Specs that nobody means well: each ends in a diagnostic, in a process whose memory is bounded. The test's own timeout bounds the time. */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "repqc-hostile-"));

beforeAll(() => {
  mkdirSync(join(place, "cli"));
  for (const name of ["cli/bin.js", "package.json"])
    copyFileSync(join(root, name), join(place, name));
  for (const name of ["node_modules", "specs", "runtime"]) {
    symlinkSync(join(root, name), join(place, name), "junction");
  }
  execFileSync(process.execPath, [join(root, "build.mjs"), join(place, "dist")]);
}, 120_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

function repqc(text: string | Uint8Array, ...args: readonly string[]) {
  writeFileSync(join(place, "net.repq"), text);
  const [command = "", ...rest] = args;
  const all = ["--max-old-space-size=512", "cli/bin.js", command, "net.repq", ...rest];
  const options = { cwd: place, encoding: "utf8", maxBuffer: 2 ** 26 } as const;
  return spawnSync(process.execPath, all, options);
}

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");
const nested = (open: string, inner: string, depth: number) =>
  open.repeat(depth) + inner + ")".repeat(depth);
const block = (branch: string, promise = "conv(3x3)") =>
  `block B => ${promise} { branch a = ${branch} }\n`;
const net = (flow: string, head = "", channels = 8) =>
  `${head}model Net { input image: image[32, 32, ${channels}]\n output image -> ${flow} }\n`;
const doubled = (combine: (inner: string) => string) =>
  lines(30, (level) => {
    const inner = level === 0 ? "conv(1x1)" : `L${level - 1}`;
    return `block L${level} => conv(1x1) { branch a = ${combine(inner)} }`;
  });

/** A spec, the code it ends in, and a part of what is said. */
type Case = readonly [name: string, text: string, code: string, part: string];

const cases: readonly Case[] = [
  [
    "10,000 blocks",
    lines(10_000, (index) => `block B${index} => conv(3x3) { branch a = bn }`),
    "syntax/too-long",
    "at most 262144 are read",
  ],
  ["a repeat of a billion", net("conv(3x3) * 1000000000"), "limit/repeat", "1000000000"],
  ["a repeat of a billion in a branch", block("bn * 1000000000"), "limit/repeat", "1000000000"],
  [
    "a kernel of a million by a million",
    net("conv(1000000x1000000)"),
    "limit/kernel",
    "1000000x1000000",
  ],
  [
    "a promise of a million by a million",
    block("bn", "conv(1000000x1000000)"),
    "limit/kernel",
    "1000000x1000000",
  ],
  [
    "cosines of a million by a million",
    net("filter(dct(1000000x1000000))"),
    "limit/kernel",
    "1000000x1000000",
  ],
  ["cosines of many channels", net("filter(dct(255x255))", "", 1024), "limit/work", "`filter`"],
  ["a window of a million", net("max_pool(1000000)"), "limit/kernel", "1000000x1000000"],
  ["a slice of a billion", net("slice(0, 1000000000)"), "type/out-of-range", "65536"],
  ["a slice from a billion on", net("slice(1000000000, 1)"), "type/out-of-range", "65536"],
  ["an anchor beyond the kernel", net("conv(2x2, anchor: 3x3)"), "shape/size", "anchor"],
  [
    "an anchor at a million",
    net("conv(2x2, anchor: 1000000x1000000)"),
    "limit/kernel",
    "1000000x1000000",
  ],
  [
    "a parameter that recurses",
    net("B(8)", "block B(k: int = k) => conv { branch a = bn }\n"),
    "name/unknown-name",
    "`k`",
  ],
  [
    "parameters that recurse",
    net("B(8)", "block B(j: int = k, k: int = j) => conv { branch a = bn }\n"),
    "name/unknown-name",
    "`k`",
  ],
  ["a block that recurses in a concat", block("concat(B, B)"), "name/recursion", "B -> B"],
  [
    "blocks that recurse in a split",
    "block A => conv { branch a = split(B, B) }\n" + block("flip(A)"),
    "name/recursion",
    "A -> B -> A",
  ],
  ["200 levels of groups", block(nested("(", "bn", 200)), "syntax/too-deep", "64 levels"],
  [
    "200 levels of lists",
    `kernel K = ${"[".repeat(200)}1${"]".repeat(200)}`,
    "syntax/too-deep",
    "64 levels",
  ],
  ["200 levels of concat", block(nested("concat(bn, ", "bn", 200)), "syntax/too-deep", "64 levels"],
  ["200 levels of split", block(nested("split(bn, ", "bn", 200)), "syntax/too-deep", "64 levels"],
  ["200 levels of flip", net(nested("flip(", "conv(3x3)", 200)), "syntax/too-deep", "64 levels"],
  [
    "a concat of 100,000 parts",
    block(`concat(${"bn,".repeat(100_000)})`),
    "syntax/too-long",
    "at most 262144 are read",
  ],
  ["a concat of 8,001 parts", block(`concat(${"bn,".repeat(8_001)})`), "limit/nodes", "8000"],
  [
    "sums of blocks that double thirty times",
    net(
      "L29(8)",
      doubled((inner) => `flip((${inner} + ${inner}))`),
    ),
    "limit/nodes",
    "8000",
  ],
];

describe("a hostile spec", { timeout: 120_000 }, () => {
  it.each(cases)("%s", (_, text, code, part) => {
    for (const command of text.includes("model Net") ? ["check", "compile"] : ["check"]) {
      const args = command === "compile" ? ["--entry", "Net", "--print", "ir"] : [];
      const { status, stdout, stderr } = repqc(text, command, ...args);
      expect(stdout + stderr).toContain(`error[${code}]`);
      expect(stdout + stderr).toContain(part);
      expect(status).toBe(1);
    }
  });

  it("50 MB of bytes or of words are not read", () => {
    const bytes = new Uint8Array(50 * 2 ** 20).map((_, index) => (index * 2_654_435_761) >>> 13);
    const words = "block { -> ( * conv 3x3 ] \n".repeat(2 ** 21);
    for (const garbage of [bytes, words]) {
      const { status, stdout } = repqc(garbage, "check");
      expect(stdout).toContain("error[artefact/unreadable]");
      expect(stdout).toContain("it is larger than 16 MiB");
      expect(status).toBe(1);
    }
  });

  it("what is large but within the limits compiles", () => {
    const chain = Array.from({ length: 5_000 }, () => "bn").join(" -> ");
    const { status, stderr } = repqc(net(chain), "compile", "--entry", "Net", "-o", "out");
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });
});
