import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { completeSteps } from "../../cli/run/run-program.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import { compareOutputs, exportTfjs } from "../../runtime/export/index.ts";
import { runInteger } from "../../runtime/integer/index.ts";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { initialWeights, mergeWeights } from "../../runtime/weights.ts";
import { randomTensor } from "../cli/run-files.ts";
import { programOf } from "../library/library.ts";
import { everyLayer, plainLayer, type Choice } from "../runtime/integer/random-choice.ts";
import { randomProgram, type RandomProgram } from "../runtime/integer/random-program.ts";
import { openChromium, type Chromium, type ChromiumPage } from "../support/chromium.ts";

const chromium = await openChromium();
const isThere = !("missing" in chromium);
if (!isThere) console.log(`GraphModels in a browser are skipped: ${chromium.missing}`);

const wasmFiles = new URL(
  "../../node_modules/@tensorflow/tfjs-backend-wasm/dist/",
  import.meta.url,
);

/** Random networks with every instruction, and one of maps whose outputs are many. */
const choices: readonly Choice[] = [
  { ...widths(8, 8), seed: 3, layers: everyLayer, hasHead: true },
  { ...widths(4, 4), seed: 4, layers: everyLayer },
  { ...widths(5, 3), seed: 5, layers: [plainLayer, { ...plainLayer, kind: "residual" }] },
];

function widths(inputBits: number, kernelBits: number) {
  return { inputBits, kernelBits, isSigned: false, isDyadic: false, hasHead: false };
}

/** A model of the library with more than 100,000 outputs. */
async function enlarger(): Promise<RandomProgram> {
  const request = { entry: "ECBSR_M4C16(2)", policy: "RepQ(8)", shape: [160, 160, 1] };
  const program = programOf(["models/ecbsr", "quant/uniform"], request);
  const input = randomTensor(Random.fromSeed(7), [1, 160, 160, 1]);
  const { weights } = await completeSteps(program, initialWeights(program, 1), input);
  return { program, weights: await mergeWeights(program, weights), input };
}

describe.skipIf(!isThere)("an exported GraphModel in Chromium", () => {
  let page: ChromiumPage;
  const networks = choices.map((choice) => randomProgram(choice, 8));

  beforeAll(async () => {
    await openBackend("wasm", { threads: 1 });
    networks.push(await enlarger());
    const files = { "/wasm/": wasmFiles };
    page = await (chromium as Chromium).openPage("test/browser/graph-model-page.ts", files);
  }, 60_000);

  afterAll(() => (chromium as Chromium).close());

  it.each(["wasm", "webgl", "webgpu"])(
    "gives the integer executor's bits on %s",
    async (backend) => {
      if (!(await page.call("useBackend", backend))) {
        console.log(`${backend} is skipped: this Chromium cannot start it`, page.messages.at(-1));
        return;
      }
      for (const { program, weights, input } of networks) {
        const { output } = runInteger(program.deploy, weights, input);
        const { files } = exportTfjs(program, weights, { generator: "repqc test" });
        const got = await page.call("run", { files: Object.fromEntries(files), input });
        expect(compareOutputs(output, got as HostTensor).differing).toBe(0);
      }
    },
    120_000,
  );
});
