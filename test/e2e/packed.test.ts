/** The whole road through the packed command line: a newcomer's commands, and a newcomer's mistakes. */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { initialWeights } from "../../runtime/weights.ts";
import { readSafetensors, writeSafetensors, type HostTensor } from "../../runtime/safetensors.ts";
import { Random } from "../../runtime/random.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { installPacked, type Installed } from "./installed.ts";

let repqc: Installed;
beforeAll(() => {
  repqc = installPacked();
}, 120_000);
afterAll(() => repqc.remove());

const spec = `import { RepVGG } from "repq:blocks/repvgg"

model Small {
  input image: image[8, 8, 3]

  body = image -> RepVGG(4) -> RepVGG(4)

  output body -> global_avg -> dense(5)
}

quant W4A4 {
  weights:     lsq(bits: 4, per: channel)
  activations: lsq(bits: 4, per: tensor)
}
`;

function randomInput(): HostTensor {
  const random = Random.fromSeed(7);
  return {
    shape: [3, 8, 8, 3],
    data: Float32Array.from({ length: 3 * 8 * 8 * 3 }, () => random.normal()),
  };
}

/** Compiles the spec, draws weights and an input, and leaves them as files. */
function prepare(): void {
  repqc.write("small.repq", spec);
  const compiled = repqc.run("compile", "small.repq", "--quant", "W4A4", "-o", "out");
  expect(compiled.stderr).toBe("");
  const program = JSON.parse(
    readFileSync(join(repqc.folder, "out", "Small.json"), "utf8"),
  ) as Program;
  repqc.write("w.safetensors", writeSafetensors(initialWeights(program, 3)));
  repqc.write("x.safetensors", writeSafetensors(new Map([["input", randomInput()]])));
}

const runArguments = [
  "--weights",
  "w.safetensors",
  "--input",
  "x.safetensors",
  "--quant",
  "W4A4",
] as const;

function output(name: string): Float32Array {
  const { tensors } = readSafetensors(readFileSync(join(repqc.folder, name)), name);
  return tensors.get("output")?.data ?? new Float32Array();
}

describe("the packed command line", { timeout: 240_000 }, () => {
  it("has help for every command, and a version", () => {
    const help = repqc.run("--help");
    expect(help.status).toBe(0);
    for (const command of ["demo", "check", "fmt", "explain", "compile", "weights", "run"]) {
      expect(help.stdout).toContain(command);
      expect(repqc.run(command, "--help").status).toBe(0);
    }
    expect(repqc.run("--version").stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("compiles, lists weights and runs a model: eval, merged and integer give the same bits", () => {
    prepare();
    expect(readdirSync(join(repqc.folder, "out")).toSorted()).toEqual(["Small.json", "Small.ts"]);
    const listed = repqc.run("weights", "small.repq", "--quant", "W4A4");
    expect(listed.stdout).toContain("body.0.dense.0.kernel");
    expect(listed.stdout).toContain("body.0.kernel.step");
    for (const mode of ["eval", "merged", "integer"]) {
      const ran = repqc.run(
        "run",
        "small.repq",
        ...runArguments,
        "--mode",
        mode,
        "-o",
        `${mode}.safetensors`,
      );
      expect(ran.status, ran.stderr).toBe(0);
    }
    expect(output("merged.safetensors")).toEqual(output("eval.safetensors"));
    expect(output("integer.safetensors")).toEqual(output("eval.safetensors"));
  });

  it("runs the demo: no output differs between training graph, integers and onnxruntime", () => {
    const { status, stdout, stderr } = repqc.run(
      "demo",
      "--images",
      "256",
      "--test-images",
      "300",
      "--out",
      "demo",
    );
    expect(status, stderr).toBe(0);
    const rows = stdout.split("\n").filter((line) => /^(Merged|RepQ) /.test(line));
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row.match(/\b0 of 3,000/g)).toHaveLength(2);
    expect(readdirSync(join(repqc.folder, "demo"))).toContain("repq.onnx");
  });
});

describe("a newcomer's mistakes", { timeout: 240_000 }, () => {
  const block = (branch: string) => `block Mine => conv(3x3) {\n  branch a = ${branch}\n}\n`;

  it.each([
    ["a syntax error, with the caret", block("conv(3x3) bn"), "syntax/missing-arrow", "^"],
    ["an unknown op", block("konv(3x3)"), "name/unknown-op", "did you mean `conv`?"],
    ["channels that do not fit", block("conv(3x3, out: 7)"), "shape/channels", "7"],
    ["a ReLU inside a branch", block("conv(3x3) -> relu"), "merge/not-affine", "after `then`"],
  ])("%s", (_, text, code, part) => {
    repqc.write("mine.repq", text);
    const { status, stdout } = repqc.run("check", "mine.repq");
    expect(status).toBe(1);
    expect(stdout).toContain(`error[${code}]`);
    expect(stdout).toContain("mine.repq:2:");
    expect(stdout).toContain(part);
  });

  it("a missing file", () => {
    const { status, stdout } = repqc.run("check", "nothing.repq");
    expect(status).toBe(1);
    expect(stdout).toContain("there is no file `nothing.repq`");
  });

  it("an unknown command or option is wrong usage", () => {
    expect(repqc.run("chekc").status).toBe(2);
    expect(repqc.run("check", "--wrong").status).toBe(2);
  });

  /** Runs with one thing wrong; nothing may be written, and no stack may be shown. */
  const failing = (...args: readonly string[]) => {
    const { status, stdout, stderr } = repqc.run(
      "run",
      "small.repq",
      ...args,
      "-o",
      "never.safetensors",
    );
    expect(status).toBe(1);
    expect(stdout + stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(join(repqc.folder, "never.safetensors"))).toBe(false);
    return stdout + stderr;
  };

  it("a corrupted or truncated file of weights, a wrong shape, a backend that is not there", () => {
    prepare();
    const weights = readFileSync(join(repqc.folder, "w.safetensors"));
    repqc.write("short.safetensors", weights.subarray(0, weights.length - 100));
    repqc.write(
      "garbage.safetensors",
      Uint8Array.from({ length: 500 }, (_, index) => (index * 37) % 256),
    );
    const small = { shape: [1, 8, 8, 2], data: new Float32Array(128) };
    repqc.write("thin.safetensors", writeSafetensors(new Map([["input", small]])));
    const [, , , x, , policy] = runArguments;
    const run = (w: string, input: string, ...rest: readonly string[]) =>
      failing("--weights", w, "--input", input, "--quant", policy, "--mode", "eval", ...rest);
    expect(run("short.safetensors", x)).toContain("error[artefact/corrupt]");
    expect(run("garbage.safetensors", x)).toContain("error[artefact/corrupt]");
    expect(run("w.safetensors", "thin.safetensors")).toContain("error[shape/input]");
    expect(run("w.safetensors", "nothing.safetensors")).toContain("error[artefact/missing-file]");
    const asked = [...runArguments, "--mode", "eval", "--backend", "tensorflow"];
    const native = repqc.run("run", "small.repq", ...asked, "-o", "native.safetensors");
    // Where `npm run setup:tensorflow` has run, it is there.
    const told = native.status === 0 ? "tensorflow: " : "error[config/backend-missing]";
    expect(native.stdout + native.stderr).toContain(told);
  });

  it("a folder that cannot be written", () => {
    prepare();
    repqc.write("occupied", "a file, not a folder");
    const { status, stdout, stderr } = repqc.run("compile", "small.repq", "-o", "occupied/inside");
    expect(status).toBe(1);
    expect(stdout + stderr).toContain("error[artefact/unwritable]");
    const demo = repqc.run("demo", "--images", "64", "--out", "occupied/demo");
    expect(demo.status).toBe(1);
    expect(demo.stdout + demo.stderr).toContain("error[artefact/unwritable]");
  });
});

describe("the packed library", { timeout: 240_000 }, () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const [, snippet = ""] = /```ts\n(import .*?)```/s.exec(readme) ?? [];

  function node(...args: readonly string[]) {
    const options = { cwd: repqc.folder, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
    return { status, told: stdout + stderr };
  }

  it("is typed: what the README shows passes TypeScript, and runs", async () => {
    expect(snippet).toContain('from "repqc/node"');
    repqc.write("snippet.mts", snippet);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      module: "nodenext",
      target: "es2022",
      types: [],
      // TensorFlow.js's own declarations do not pass.
      skipLibCheck: true,
    };
    repqc.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["snippet.mts"] }));
    const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
    expect(node(compiler, "-p", ".")).toEqual({ status: 0, told: "" });
    const { code } = await transform(snippet, { loader: "ts", format: "esm" });
    repqc.write("snippet.mjs", `${code}\nif (!isVerified) throw new Error(rows.join());\n`);
    expect(node("snippet.mjs")).toMatchObject({ status: 0 });
  });

  it("is bundled for pages without anything of Node", async () => {
    repqc.write("page.js", 'import { train } from "repqc";\nconsole.log(train);\n');
    const { errors, warnings } = await build({
      absWorkingDir: repqc.folder,
      entryPoints: ["page.js"],
      bundle: true,
      write: false,
      format: "esm",
      platform: "browser",
      conditions: ["browser"],
      logLevel: "silent",
    });
    expect([...errors, ...warnings]).toEqual([]);
  });

  it("ships no benchmark, nor a part of one, even where one was built", () => {
    const root = fileURLToPath(new URL("../..", import.meta.url));
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const shippedOf = (name: string, ...options: readonly string[]) => {
      const place = join(repqc.folder, name);
      mkdirSync(place);
      copyFileSync(join(root, "package.json"), join(place, "package.json"));
      const build = [join(root, "build.mjs"), ...options, join(place, "dist")];
      expect(spawnSync(process.execPath, build, { encoding: "utf8" })).toMatchObject({ status: 0 });
      const pack = ["pack", "--dry-run", "--ignore-scripts", "--json"];
      const { stdout } = spawnSync(npm, pack, { cwd: place, encoding: "utf8" });
      const [{ files }] = JSON.parse(stdout) as [{ files: readonly { path: string }[] }];
      const built = readdirSync(join(place, "dist"));
      return { built, shipped: files.map(({ path }) => path).toSorted() };
    };
    const [plain, withBench] = [shippedOf("plain"), shippedOf("with-bench", "--bench")];
    expect(withBench.built).toContain("bench.js");
    expect(plain.shipped).toContain("dist/index.js");
    expect(withBench.shipped).toEqual(plain.shipped);
  });
});
