import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

/** The setup is plain JavaScript: it runs before anything is built. */
async function load<T>(file: string): Promise<T> {
  return (await import(new URL(`../../setup/${file}`, import.meta.url).href)) as T;
}

interface Plan {
  readonly name: string;
  readonly engine: string;
  readonly requirement?: string;
  readonly source: string;
}
interface Machine {
  readonly platform: string;
  readonly arch: string;
  readonly glibc?: string;
}

const { makePlan, cudaRequirements, describeEngine, isSameEngine } = await load<{
  makePlan(options: { gpu: boolean; from?: string }, machine: Machine): Plan;
  cudaRequirements(metadata: string): string[];
  describeEngine(plan: Plan, version: string): object;
  isSameEngine(found: unknown, wanted: object): boolean;
}>("plan.mjs");
const { readOptions } = await load<{ readOptions(args: string[]): object }>("options.mjs");
const { explainFailure } = await load<{
  explainFailure(end: { signal: string | null; output: string }, version?: string): string[];
}>("try-engine.mjs");
const { linkOwnLibrary, nameForLinker } = await load<{
  linkOwnLibrary(from: string, target: string): void;
  nameForLinker(lib: string): void;
}>("library.mjs");

const linux: Machine = { platform: "linux", arch: "x64", glibc: "2.36" };

describe("what is built", () => {
  it("takes the wheel without CUDA, unless asked, or where there is but one", () => {
    const plan = makePlan({ gpu: false }, linux);
    expect(plan).toMatchObject({ name: "@tensorflow/tfjs-node", engine: "tfjs-node" });
    expect(plan.requirement).toMatch(/^tensorflow-cpu==2\.\d+\.\d+$/);
    expect(makePlan({ gpu: false }, { ...linux, arch: "arm64" }).requirement).toMatch(
      /^tensorflow==/,
    );
    const withGpu = makePlan({ gpu: true }, linux);
    expect(withGpu).toMatchObject({ name: "@tensorflow/tfjs-node-gpu", engine: "tfjs-node-gpu" });
    expect(withGpu.requirement).toMatch(/^tensorflow==/);
  });

  it("asks pip for nothing where there is a library", () => {
    const plan = makePlan({ gpu: false, from: "/somewhere" }, linux);
    expect(plan.requirement).toBeUndefined();
    expect(plan.source).toBe("/somewhere");
  });

  it.each([
    ["macOS", { platform: "darwin", arch: "arm64" }, /darwin.*\n.*npm install @tensorflow/],
    ["another processor", { ...linux, arch: "riscv64" }, /riscv64/],
    ["musl", { platform: "linux", arch: "x64" }, /no glibc/],
  ])("says what to do on %s", (_, machine, message) => {
    expect(() => makePlan({ gpu: false }, machine)).toThrow(message);
  });

  it("knows that there is no CUDA for arm64", () => {
    expect(() => makePlan({ gpu: true }, { ...linux, arch: "arm64" })).toThrow(/x86-64 only/);
  });

  it("knows an engine again by its package and its source", () => {
    const plan = makePlan({ gpu: false }, linux);
    const engine = describeEngine(plan, "4.22.0");
    expect(isSameEngine({ ...engine, tensorflow: "2" }, engine)).toBe(true);
    expect(isSameEngine(describeEngine(plan, "4.21.0"), engine)).toBe(false);
    const own = makePlan({ gpu: false, from: "/somewhere" }, linux);
    expect(isSameEngine(describeEngine(own, "4.22.0"), engine)).toBe(false);
    expect(isSameEngine(undefined, engine)).toBe(false);
  });
});

describe("what the wheel asks for", () => {
  it("is read in both ways in which wheels write it", () => {
    const metadata = [
      "Name: tensorflow",
      "Requires-Dist: numpy>=1.26.0",
      'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
      "Requires-Dist: nvidia-cudnn-cu12 (==8.9.4.25) ; extra == 'and-cuda'",
      'Requires-Dist: something; extra == "other"',
    ].join("\n");
    expect(cudaRequirements(metadata)).toEqual([
      "nvidia-cublas-cu12<13.0,>=12.5.3.2",
      "nvidia-cudnn-cu12==8.9.4.25",
    ]);
  });
});

describe("the options", () => {
  it("are read", () => {
    expect(readOptions(["--gpu", "--from", "x"])).toMatchObject({ gpu: true, from: "x" });
  });
  it.each([["--nonsense"], ["--from"], ["word"]])("%s is refused", (argument) => {
    expect(() => readOptions([argument])).toThrow(
      expect.objectContaining({ name: "UsageMistake" }),
    );
  });
});

describe("an engine that does not run", () => {
  it.each([
    [{ signal: "SIGILL", output: "" }, "22.0.0", /AVX/],
    [{ signal: null, output: "TypeError: gone" }, "31.0.0", /Node 31\.0\.0, which is newer/],
    [{ signal: null, output: "version `GLIBC_2.99' not found" }, "22.0.0", /newer Linux/],
    [{ signal: "SIGSEGV", output: "" }, "22.0.0", /does not compute \(it ended with SIGSEGV\)/],
  ])("%j on Node %s is explained", (end, version, reason) => {
    expect(explainFailure(end, version)[0]).toMatch(reason);
  });
  it("says last what it said last", () => {
    expect(explainFailure({ signal: null, output: "one\n\ntwo\n" }, "22.0.0").at(-1)).toBe("  two");
  });
});

describe("a libtensorflow of one's own", () => {
  const folder = mkdtempSync(join(tmpdir(), "repqc-library-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  function write(...path: string[]): void {
    const file = join(folder, ...path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, "");
  }

  it("may be TensorFlow's archive for C", () => {
    for (const version of ["", ".2", ".2.9.1"]) {
      write("archive", "lib", `libtensorflow.so${version}`);
      write("archive", "lib", `libtensorflow_framework.so${version}`);
    }
    write("archive", "include", "tensorflow", "c", "c_api.h");
    linkOwnLibrary(join(folder, "archive"), join(folder, "first"));
    expect(readdirSync(join(folder, "first")).toSorted()).toEqual(["include", "lib"]);
    expect(readdirSync(join(folder, "first", "lib"))).toHaveLength(6);
  });

  it("may be Python's package, with NVIDIA's beside it", () => {
    write("site", "tensorflow", "libtensorflow_cc.so.2");
    write("site", "tensorflow", "libtensorflow_framework.so.2");
    write("site", "tensorflow", "include", "tensorflow", "c", "c_api.h");
    write("site", "nvidia", "cudnn", "lib", "libcudnn.so.9");
    const target = join(folder, "second");
    linkOwnLibrary(join(folder, "site", "tensorflow"), target);
    nameForLinker(join(target, "lib"));
    expect(readlinkSync(join(target, "lib", "libtensorflow.so"))).toBe("libtensorflow_cc.so.2");
    expect(readlinkSync(join(target, "lib", "libtensorflow_framework.so"))).toBe(
      "libtensorflow_framework.so.2",
    );
    expect(readdirSync(join(target, "nvidia"))).toEqual(["cudnn"]);
  });

  it("is refused without headers", () => {
    write("bare", "lib", "libtensorflow.so.2");
    expect(() => linkOwnLibrary(join(folder, "bare"), join(folder, "third"))).toThrow(
      /no libtensorflow with its headers.*\n.*c_api\.h/,
    );
  });
});
