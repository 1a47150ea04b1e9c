/** Quantization-aware training in a page: the library, bundled for browsers, against float64. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { openChromium, type Chromium, type ChromiumPage } from "../support/chromium.ts";
import { expectClose } from "../support/expect-close.ts";
import { probeTraining } from "../support/probe-training.ts";
import type { Alive } from "../support/train-block.ts";
import { trainInFloat64 } from "../support/train-in-float64.ts";

const chromium = await openChromium();
const isThere = !("missing" in chromium);
if (!isThere) console.log(`Training in a browser is skipped: ${chromium.missing}`);

const wasmFiles = new URL(
  "../../node_modules/@tensorflow/tfjs-backend-wasm/dist/",
  import.meta.url,
);

type Entries = readonly (readonly [string, HostTensor])[];

interface Trained {
  readonly trained: Entries;
  readonly alive: readonly Alive[];
  readonly readsAtOnce: number;
}

interface TrainedTwice {
  readonly stoppedAt: number;
  readonly whole: Entries;
  readonly rest: Entries;
  readonly loss: number;
  readonly readsAtOnce: number;
}

describe.skipIf(!isThere)("training in Chromium", () => {
  let page: ChromiumPage;

  /** Opens a backend in the page; nothing where this Chromium cannot. */
  async function open(name: string): Promise<number | undefined> {
    const opened = (await page.call("open", name)) as { tolerance?: number; missing?: string };
    if (opened.missing === undefined) return opened.tolerance;
    console.log(`Training on ${name} in Chromium is skipped: ${opened.missing}`);
    return undefined;
  }

  beforeAll(async () => {
    const files = { "/wasm/": wasmFiles };
    page = await (chromium as Chromium).openPage("test/browser/training-page.ts", files);
  }, 60_000);

  afterAll(() => (chromium as Chromium).close());

  it("says why native TensorFlow is not there, and what auto took", async () => {
    expect(await page.call("open", "tensorflow")).toEqual({ missing: "it is a library for Node" });
    const { choice } = (await page.call("open", "auto")) as { choice: string };
    expect(choice).toContain("no tensorflow, it is a library for Node");
  }, 60_000);

  it.each(["wasm", "webgpu"])(
    "takes a block under RepQ on %s where float64 takes it",
    async (name) => {
      const tolerance = await open(name);
      if (tolerance === undefined) return;
      const { block, numbers, probe, training } = probeTraining();
      const request = { ...training, weights: [...training.weights], steps: 3 };
      const { trained, alive, readsAtOnce } = (await page.call("trainSteps", request)) as Trained;
      const expected = trainInFloat64(block, numbers, probe, 3);
      const found = new Map(trained);
      for (const { path, shape } of block.program.weights) {
        const wanted = { shape, data: expected.get(path)! };
        // A normalization's gradient is a small difference of large sums.
        expectClose(found.get(path)!, wanted, 5 * tolerance, path);
      }
      expect(new Set(alive.map(({ bytes }) => bytes)).size, "bytes from step to step").toBe(1);
      if (name === "webgpu") expect(readsAtOnce).toBe(0);
    },
    120_000,
  );

  it.each(["wasm", "webgpu"])(
    "stopped and resumed on %s, ends on the same bits",
    async (name) => {
      if ((await open(name)) === undefined) return;
      const twice = (await page.call("trainTwice", 2)) as TrainedTwice;
      expect(twice.stoppedAt).toBe(2);
      expect(twice.loss).toBeGreaterThan(0);
      expect(twice.whole.length).toBeGreaterThan(10);
      expect(twice.rest).toEqual(twice.whole);
      if (name === "webgpu") expect(twice.readsAtOnce).toBe(0);
    },
    120_000,
  );
});
