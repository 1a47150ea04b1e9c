/** What makes docs/results.md: which cells, when they count, that a killed one goes on, and what the page says of some that are missing. */
import { beforeAll, describe, expect, it } from "vitest";
import { cellId, nets, startOf, type Cell } from "../../bench/results/cell.ts";
import { cellKey } from "../../bench/results/cell-key.ts";
import { findResults } from "../../bench/results/findings.ts";
import { interleave } from "../../bench/results/interleave.ts";
import { readOptions, WrongOption } from "../../bench/results/options.ts";
import { kinds, planCells } from "../../bench/results/plan.ts";
import { renderPage } from "../../bench/results/render-page.ts";
import { runCells } from "../../bench/results/run-cells.ts";
import { usualSettings, type Settings } from "../../bench/results/settings.ts";
import { openStore, type CellResult } from "../../bench/results/store.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import { packedDataset, type Dataset, type Examples } from "../../runtime/data/index.ts";
import { Random } from "../../runtime/random.ts";
import { Killed, memoryHost } from "../runtime/checkpoint-host.ts";

const tiny: Settings = {
  ...usualSettings,
  trainingImages: 48,
  testImages: 30,
  recipes: {
    float: "Float(epochs: 1, batch: 16)",
    quantized: "QAT(epochs: 1, batch: 16)",
    enlarging: { 8: "EnlargeQAT(epochs: 1, batch: 4)", 4: "EnlargeQAT(epochs: 1, batch: 4)" },
  },
  patch: { side: 8, repeat: 1 },
  everySteps: 1,
};

const cellOf = (part: Partial<Cell>): Cell => ({
  net: "RepVGG",
  method: "float",
  bits: 32,
  seed: 1,
  ...part,
});

describe("the plan", () => {
  const cells = planCells({ seeds: 3, only: nets });

  it("has RepVGG and DBB in every cell, at 8 and 4 bits", () => {
    for (const net of ["RepVGG", "DBB"] as const) {
      for (const bits of [8, 4] as const) {
        const methods = kinds.filter((kind) => kind.net === net && kind.bits === bits);
        expect(methods.map(({ method }) => method).toSorted()).toEqual([
          "branches",
          "merged",
          "repq-batch",
          "repq-estimated",
          "repq-sampled",
        ]);
      }
    }
  });

  it("has floating point, Merged and two RepQs at 4 bits of every net, before the rest of any", () => {
    const enlarging = kinds.filter(({ net }) => net === "ECBSR").length;
    const first = kinds
      .slice(0, 16 + enlarging)
      .map(({ net, method, bits }) => `${net} ${method} ${bits}`);
    for (const net of ["RepVGG", "DBB", "MobileOne", "OREPA"]) {
      const wanted = ["float 32", "merged 4", "repq-batch 4", "repq-sampled 4"];
      expect(first.filter((kind) => kind.startsWith(`${net} `))).toEqual(
        wanted.map((rest) => `${net} ${rest}`),
      );
    }
  });

  it("has every cell once, all of a seed before the next, each behind what it starts from", () => {
    const names = cells.map(cellId);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBe(3 * kinds.length);
    const seeds = cells.map(({ seed }) => seed);
    expect(seeds).toEqual(seeds.toSorted((a, b) => a - b));
    cells.forEach((cell, index) => {
      const start = startOf(cell);
      if (start) expect(names.slice(0, index)).toContain(cellId(start));
    });
  });

  it("can be limited to some nets and seeds", () => {
    const some = planCells({ seeds: 1, only: ["OREPA"] });
    expect(some.map(cellId)).toEqual([
      "OREPA-float-32-seed1",
      "OREPA-merged-4-seed1",
      "OREPA-repq-batch-4-seed1",
      "OREPA-repq-sampled-4-seed1",
    ]);
  });
});

describe("options", () => {
  it("are read", () => {
    const options = readOptions(["--seeds", "1", "--only", "repvgg,DBB", "--minutes", "20"]);
    expect(options).toMatchObject({ seeds: 1, only: ["RepVGG", "DBB"], minutes: 20 });
    expect(readOptions([])).toMatchObject({ seeds: 3, only: nets, isRenderOnly: false });
  });

  it.each([["--seeds", "0"], ["--only", "ResNet"], ["--minutes", "-1"], ["--epochs"]])(
    "are refused in words: %s %s",
    (...args) => expect(() => readOptions(args)).toThrow(WrongOption),
  );
});

describe("the key of a cell", () => {
  const merged = cellOf({ method: "merged", bits: 4 });

  it("is another one for another seed, method, number of bits, amount of data", () => {
    const others = [
      merged,
      { ...merged, seed: 2 },
      { ...merged, bits: 8 as const },
      { ...merged, method: "repq-batch" as const },
      { ...merged, net: "DBB" as const },
    ];
    const keys = others.map((cell) => cellKey(cell, tiny));
    keys.push(cellKey(merged, { ...tiny, trainingImages: 64 }));
    expect(new Set(keys).size).toBe(6);
    expect(cellKey({ ...merged }, { ...tiny })).toBe(keys[0]);
  });

  it("changes with the recipe of the training that it starts from", () => {
    const longer = { ...tiny, recipes: { ...tiny.recipes, float: "Float(epochs: 3)" } };
    expect(cellKey(merged, longer)).not.toBe(cellKey(merged, tiny));
    const other = { ...tiny, recipes: { ...tiny.recipes, quantized: "QAT(epochs: 3)" } };
    expect(cellKey(merged, other)).not.toBe(cellKey(merged, tiny));
    expect(cellKey(cellOf({}), other)).toBe(cellKey(cellOf({}), tiny));
  });
});

/** Squares of a size and brightness that tell the class. */
function madeUpClothes(part: string, size: number): Dataset {
  const random = Random.fromSeed(size);
  const labels = Uint8Array.from({ length: size }, (_, image) => image % 10);
  const pixels = Uint8Array.from({ length: size * 784 }, (_, at) => {
    const label = labels[Math.floor(at / 784)]!;
    return Math.floor(at % 28) < 2 * label + 4 ? 25 * label + random.below(20) : random.below(20);
  });
  const classes = Array.from({ length: 10 }, (_, label) => `class ${label}`);
  return packedDataset({ name: part, source: "here", shape: [28, 28, 1], classes, pixels, labels });
}

describe("running cells", () => {
  beforeAll(async () => void (await openBackend("wasm", { threads: 1 })));
  const clothes = { training: madeUpClothes("training", 48), test: madeUpClothes("test", 30) };
  const cells = [cellOf({}), cellOf({ method: "repq-batch", bits: 4 })];

  async function run(host: ReturnType<typeof memoryHost>, planned: readonly Cell[] = cells) {
    const lines: string[] = [];
    const steps: number[] = [];
    await runCells(planned, {
      settings: tiny,
      store: openStore(host, "results"),
      place: {
        host,
        folder: "results/under-way",
        everySteps: tiny.everySteps,
        signal: new AbortController().signal,
        onStep: (step) => steps.push(step),
      },
      clothes: async () => clothes,
      enlarging: async () => "there is no ../shared",
      tell: (line) => lines.push(line),
      clock: () => 0,
    });
    return { lines, steps };
  }

  it("gives the same where it is killed and called again, to the bit, and runs nothing twice", async () => {
    const whole = memoryHost();
    const { lines, steps } = await run(whole);
    expect(lines.map((line) => line.split(":")[0])).toEqual(["1 of 2", "2 of 2"]);
    expect(steps).toEqual([1, 2, 3, 1, 2, 3]);

    let files = new Map<string, Uint8Array>();
    let kills = 0;
    for (let allowed = 13; ; allowed += 10) {
      const host = memoryHost(files, allowed);
      try {
        await run(host);
        break;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        kills += 1;
        files = host.files;
      }
    }
    expect(kills).toBeGreaterThan(2);
    const isResult = (path: string) => !path.endsWith(".partial");
    const [paths, expected] = [files, whole.files].map((all) =>
      [...all.keys()].filter(isResult).toSorted(),
    );
    expect(paths).toEqual(expected);
    for (const path of expected!) expect(files.get(path), path).toEqual(whole.files.get(path));

    const again = await run(memoryHost(files));
    expect(again).toEqual({ lines: [], steps: [] });
  });

  it("stops where it is told to, and goes on from the step where it stood", async () => {
    const host = memoryHost();
    const controller = new AbortController();
    const told: string[] = [];
    await runCells([cellOf({})], {
      settings: tiny,
      store: openStore(host, "results"),
      place: {
        host,
        folder: "results/under-way",
        everySteps: 100,
        signal: controller.signal,
        onStep: (step) => step === 2 && controller.abort(),
      },
      clothes: async () => clothes,
      enlarging: async () => "",
      tell: (line) => told.push(line),
      clock: () => 0,
    });
    expect(told).toEqual([expect.stringContaining("stopped; the same command goes on from here")]);
    expect((await run(host, [cellOf({})])).steps).toEqual([3]);
  });

  it("runs a cell again whose file or whose weights are damaged", async () => {
    const host = memoryHost();
    const [float] = cells;
    await run(host, [float!]);
    const path = (ending: string) => `results/${cellId(float!)}-${cellKey(float!, tiny)}.${ending}`;
    for (const ending of ["json", "safetensors"]) {
      host.files.set(path(ending), host.files.get(path(ending))!.slice(0, 40));
      expect((await run(host, [float!])).steps).toEqual([1, 2, 3]);
      expect((await run(host, [float!])).steps).toEqual([]);
    }
  });

  it("says once why a net without data is left out", async () => {
    const planned = planCells({ seeds: 2, only: ["ECBSR"] });
    const { lines } = await run(memoryHost(), planned);
    expect(lines).toEqual(["ECBSR is left out: there is no ../shared"]);
  });
});

describe("the page", () => {
  const planned = planCells({ seeds: 3, only: nets });
  const result = (cell: Partial<Cell>, score: number): CellResult => ({
    ...cellOf(cell),
    key: "",
    score,
    seconds: 30,
    parameters: 59_000,
  });
  const page = (...results: CellResult[]) => renderPage({ planned, results }, tiny);

  it("says of everything that it was not run where nothing was", () => {
    const text = page();
    expect(text).toContain(`0 of ${planned.length} cells have been run`);
    expect(text).toContain("| RepVGG | Merged |  | not run | not run |");
    expect(text).toContain("- RepVGG, Merged, 4 bits: seeds 1, 2, 3 not run");
    expect(text).toContain("No RepQ has been run beside what it is compared with.");
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("gives means, half ranges, and how many seeds are there where some are missing", () => {
    const text = page(
      result({}, 0.9),
      result({ seed: 2 }, 0.91),
      result({ seed: 3 }, 0.905),
      result({ method: "merged", bits: 4 }, 0.87),
      result({ method: "merged", bits: 4, seed: 2 }, 0.88),
    );
    expect(text).toContain("| RepVGG | floating point | 90.50 ± 0.50 |  |  |");
    expect(text).toContain("| RepVGG | Merged |  | not run | 87.50 ± 0.50 (2 of 3 seeds) |");
    expect(text).toContain("- RepVGG, Merged, 4 bits: seed 3 not run");
    expect(text).toContain("Deployed parameters: RepVGG 59,000.");
  });

  it("says where RepQ is better, where it is worse, and where that is not decided", () => {
    const merged = (seed: number, score: number) =>
      result({ method: "merged", bits: 4, seed }, score);
    const repq = (method: Cell["method"], seed: number, score: number) =>
      result({ method, bits: 4, seed }, score);
    const text = page(
      ...[1, 2].map((seed) => merged(seed, 0.88)),
      repq("repq-batch", 1, 0.89),
      repq("repq-batch", 2, 0.885),
      repq("repq-sampled", 1, 0.87),
      repq("repq-sampled", 2, 0.86),
      repq("repq-estimated", 1, 0.87),
      repq("repq-estimated", 2, 0.89),
      result({ net: "DBB", method: "merged", bits: 8 }, 0.9),
      result({ net: "DBB", method: "repq-batch", bits: 8 }, 0.91),
    );
    const after = (title: string) => text.slice(text.indexOf(title)).split("\n\n")[1];
    expect(after("RepQ is better for every seed:")).toBe(
      "- RepVGG, 4 bits, RepQ, batch statistics, against Merged: +0.75 (+0.50 to +1.00) points",
    );
    expect(after("RepQ is **worse** for every seed:")).toBe(
      "- RepVGG, 4 bits, RepQ, sampled statistics, against Merged: -1.50 (-2.00 to -1.00) points",
    );
    expect(after("Neither is better")).toBe(
      "- RepVGG, 4 bits, RepQ, estimated statistics, against Merged: 0.00 (-1.00 to +1.00) points",
    );
    expect(after("One seed only")).toContain("DBB, 8 bits");
  });

  it("holds ECBSR to what is aimed at", () => {
    const ecbsr = (method: Cell["method"], bits: Cell["bits"], score: number) =>
      result({ net: "ECBSR", method, bits }, score);
    const known = [ecbsr("imported", 32, 37.188), ecbsr("unmerged", 32, 37.1881)];
    const good = page(...known, ecbsr("repq", 8, 37.15), ecbsr("merged", 8, 37.16));
    expect(good).toContain("Unmerging changes PSNR-Y by 0.00010 dB at most.");
    const near = "loses 0.038 dB (within the 0.1 dB aimed at)";
    expect(good).toContain(
      `${near} in the mean, 0.038 dB (within the 0.1 dB aimed at) in its worst`,
    );
    expect(good).toContain("At 8 bits RepQ is 0.010 dB **worse** than Merged in the mean.");
    const seeds = [37.13, 37.08].map((score, n) => ({ ...ecbsr("repq", 8, score), seed: n + 1 }));
    expect(page(...known, ...seeds)).toContain(
      "loses 0.083 dB (within the 0.1 dB aimed at) in the mean, 0.108 dB (**not** within the 0.1 dB aimed at) in its worst seed",
    );
  });

  it("counts only results of the spec and the settings as they are", async () => {
    const store = openStore(memoryHost(), "results");
    const cell = cellOf({ method: "merged", bits: 4 });
    await store.keep({ ...result(cell, 0.8), key: cellKey(cell, tiny) });
    expect((await findResults([cell], store, tiny)).map(({ score }) => score)).toEqual([0.8]);
    expect(await findResults([cell], store, { ...tiny, testImages: 20 })).toEqual([]);
  });
});

describe("sources that take turns", () => {
  const source = (name: string): Examples => ({
    name,
    source: name,
    size: 6,
    inputShape: [1, 1, 1],
    target: { kind: "labels", classes: ["one"] },
    async *pass({ first = 0 }) {
      for (let number = first; number < 3; number++) {
        const inputs = Float32Array.of(name.charCodeAt(0) * 10 + number);
        const targets = new Int32Array(1);
        yield { number, count: 2, inputs, inputShape: [1, 1, 1], targets, targetShape: [] };
      }
    },
  });
  const read = async (first: number) => {
    const options = { batch: 2, random: Random.fromSeed(1), shuffle: false, first };
    const seen: [number, number][] = [];
    for await (const { number, inputs } of interleave([source("a"), source("b")]).pass(options))
      seen.push([number, inputs[0]!]);
    return seen;
  };

  it("give a batch each, and the rest from any batch on", async () => {
    const all = await read(0);
    expect(all).toEqual([970, 980, 971, 981, 972, 982].map((value, number) => [number, value]));
    for (const first of [1, 2, 3, 5]) expect(await read(first)).toEqual(all.slice(first));
    expect(interleave([source("a"), source("b")]).size).toBe(12);
  });
});
