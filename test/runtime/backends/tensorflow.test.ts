import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { BackendUnavailable, openBackend, type Backend } from "../../../runtime/backends/index.ts";
import { findBuiltPackages } from "../../../runtime/backends/tensorflow/find-built.ts";
import { importFirst } from "../../../runtime/backends/tensorflow/import-package.ts";
import { tf } from "../../../runtime/tensors.ts";

describe("where the setup's engine is found", () => {
  const folder = mkdtempSync(join(tmpdir(), "repqc-built-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  function build(engine: string): string {
    const file = join(folder, ".tensorflow", engine, "node_modules", "@tensorflow", engine, "dist/index.js"); // prettier-ignore
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, "");
    return file;
  }

  it("is above the source and above the bundle, with the one for GPUs first", () => {
    const source = join(folder, "runtime", "backends", "tensorflow", "find-built.ts");
    expect(findBuiltPackages(source)).toEqual([]);
    const cpu = build("tfjs-node");
    expect(findBuiltPackages(source)).toEqual([{ name: "@tensorflow/tfjs-node", file: cpu }]);
    const gpu = build("tfjs-node-gpu");
    expect(findBuiltPackages(join(folder, "dist", "chunk.js")).map(({ file }) => file)).toEqual([
      gpu,
      cpu,
    ]);
  });
});

describe("importing", () => {
  const missing = { specifier: "no-such-package", name: "no-such-package" };

  it("takes the first that loads", async () => {
    const found = { specifier: "node:path", name: "found" };
    expect(await importFirst([missing, found, missing])).toBe("found");
  });

  it("says what to install where there is none, without a stack", async () => {
    const failure = await importFirst([missing, missing]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BackendUnavailable);
    const { message } = failure as BackendUnavailable;
    expect(message).toMatch(/^The backend "tensorflow" cannot be used: .* is not installed\./);
    expect(message).toContain("npm run setup:tensorflow");
    expect(message).toContain("npm install @tensorflow/tfjs-node");
    expect(message).not.toMatch(/\n\s+at /);
  });

  it("speaks of the one that is there and broken rather than of one that is missing", async () => {
    const broken = { specifier: "data:text/javascript,throw Error('no addon')", name: "broken" };
    await expect(importFirst([missing, broken])).rejects.toThrow(/does not load \(no addon\)/);
  });
});

describe("what TensorFlow reads from the environment", () => {
  const before = { ...process.env };
  beforeEach(() => vi.resetModules());
  afterEach(() => void (process.env = { ...before }));

  async function prepare(wanted?: number): Promise<number> {
    const { prepareEnvironment } =
      await import("../../../runtime/backends/tensorflow/environment.ts");
    prepareEnvironment(wanted);
    // The first call decides.
    return prepareEnvironment(60);
  }

  it("is the wanted number of threads, then the variable's, then one per core", async () => {
    delete process.env["TF_NUM_INTRAOP_THREADS"];
    expect(await prepare()).toBeGreaterThan(0);
    vi.resetModules();
    process.env["TF_NUM_INTRAOP_THREADS"] = "3";
    expect(await prepare()).toBe(3);
    vi.resetModules();
    expect(await prepare(2)).toBe(2);
    expect(process.env["TF_NUM_INTRAOP_THREADS"]).toBe("2");
  });

  it("is silence, unless something else is wanted", async () => {
    process.env["TF_CPP_MIN_LOG_LEVEL"] = "0";
    await prepare();
    expect(process.env["TF_CPP_MIN_LOG_LEVEL"]).toBe("0");
    delete process.env["TF_CPP_MIN_LOG_LEVEL"];
    await prepare();
    expect(process.env["TF_CPP_MIN_LOG_LEVEL"]).toBe("2");
  });
});

const engine = await openBackend("tensorflow", { threads: 1 }).catch((error: unknown) => {
  if (!(error instanceof BackendUnavailable)) throw error;
  console.warn(`Tests of tensorflow's kernels are skipped: ${error.reason}`);
  return undefined;
});

describe.skipIf(engine === undefined)("the native engine", () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend("tensorflow", { threads: 1 });
  });

  it("says what it is", () => {
    expect(backend).toMatchObject({ name: "tensorflow", threads: 1 });
    expect(["cpu", "gpu"]).toContain(backend.device);
    expect(backend.describe()).toMatch(/^tensorflow: native TensorFlow \d+\.\d+\.\d+ on /);
  });

  it("keeps its threads when it is opened again with others", async () => {
    expect((await openBackend("tensorflow", { threads: 2 })).threads).toBe(1);
  });

  function read(compute: () => tf.Tensor): number[] {
    return [...tf.tidy(() => compute().dataSync())];
  }

  const odd = [NaN, -Infinity, -1, -0, 0, 0.5, 2, Infinity];

  it("steps as before, with no numbers and with another value below 0", () => {
    expect(read(() => tf.step(odd))).toEqual([NaN, 0, 0, 0, 0, 1, 1, 1]);
    expect(read(() => tf.step([-2, 3], 0.5))).toEqual([0.5, 1]);
  });

  it("clips as before", () => {
    expect(read(() => tf.clipByValue(odd, -0.75, 1))).toEqual([NaN, -0.75, -0.75, -0, 0, 0.5, 1, 1]); // prettier-ignore
    const whole = tf.tensor1d([-5, 5], "int32");
    expect(read(() => tf.clipByValue(whole, -1, 2))).toEqual([-1, 2]);
    whole.dispose();
  });

  it.each([
    ["leading axes", [0, 1], false, [16]],
    ["leading axes, kept", [0, 1], true, [1, 1, 16]],
    ["negative axes", [-3, -2], false, [16]],
    ["another axis", [1], false, [2, 16]],
    ["the last axes", [1, 2], false, [2]],
    ["all axes", undefined, false, []],
  ] as const)("sums over %s", (_, axes, keeps, shape) => {
    const numbers = Float32Array.from({ length: 2 * 3 * 16 }, (_, i) => ((i * 7) % 23) - 11);
    const sum = tf.tidy(() => tf.sum(tf.tensor(numbers, [2, 3, 16]), axes && [...axes], keeps));
    expect(sum.shape).toEqual(shape);
    const wanted = Array.from({ length: sum.size }, () => 0);
    numbers.forEach((value, i) => {
      const [image, row, channel] = [Math.floor(i / 48), Math.floor(i / 16) % 3, i % 16];
      const keeps = (axis: number) => axes !== undefined && !axes.some((a) => (a + 3) % 3 === axis);
      const sizes = [2, 3, 16];
      const at = [image, row, channel].reduce(
        (index, place, axis) => (keeps(axis) ? index * sizes[axis]! + place : index),
        0,
      );
      wanted[at]! += value;
    });
    expect([...sum.dataSync()]).toEqual(wanted);
    sum.dispose();
  });

  it("scales channels as a depthwise convolution of 1x1 does", () => {
    const x = Float32Array.from({ length: 2 * 3 * 3 * 4 }, (_, i) => Math.sin(i));
    const factors = [1, -2, 0.5, 3];
    const bias = [0.25, 0, -1, 2];
    const run = (strides: number, activation: "linear" | "relu") =>
      read(() =>
        tf.fused.depthwiseConv2d({
          x: tf.tensor4d(x, [2, 3, 3, 4]),
          filter: tf.tensor4d(factors, [1, 1, 4, 1]),
          bias: tf.tensor1d(bias),
          strides,
          pad: "valid",
          activation,
        }),
      );
    const wanted = [...x].map((value, i) =>
      Math.fround(Math.fround(value * factors[i % 4]!) + bias[i % 4]!),
    );
    expect(run(1, "linear")).toEqual(wanted);
    expect(run(1, "relu")).toEqual(wanted.map((value) => Math.max(0, value)));
    expect(run(2, "linear")).toHaveLength(2 * 2 * 2 * 4);
  });

  it("leaves no tensor behind", () => {
    const x = tf.randomNormal([2, 3, 3, 16]);
    const { numTensors } = tf.memory();
    tf.dispose([tf.step(x), tf.clipByValue(x, -1, 1), tf.sum(x, [0, 1, 2])]);
    expect(tf.memory().numTensors).toBe(numTensors);
    x.dispose();
  });
});
