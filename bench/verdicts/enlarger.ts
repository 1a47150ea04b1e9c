import type { ExampleBatch } from "../../runtime/data/index.ts";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { cellKey } from "../results/cell-key.ts";
import type { Cell } from "../results/cell.ts";
import { compileCell } from "../results/compile-cell.ts";
import { enlarge } from "../results/enlarge.ts";
import { once } from "../results/once.ts";
import { readEnlargingData, type EnlargingData } from "../results/photographs.ts";
import { psnrOfColours } from "../results/set5.ts";
import { resultsSpec, usualSettings as settings } from "../results/settings.ts";
import type { Bits } from "./cell.ts";
import { compileSpec } from "./compile-spec.ts";
import type { Inputs, Subject } from "./subject.ts";

const data = once(() => readEnlargingData(settings));
const network = { spec: "repq:models/ecbsr", entry: "ECBSR_M4C16(scale: 2, colors: 3)" };

/** The published weights, imported, equalized and unmerged, trained with RepQ as `npm run results` does it; Set5 as its inputs. */
export function enlarger(bits: Bits): Subject {
  const cell: Cell = { net: "ECBSR", method: "repq", bits, seed: 1 };
  const key = cellKey(cell, settings);
  const compiled = compileCell(cell, settings);
  return {
    program: compiled.program,
    float: compileCell({ ...cell, method: "unmerged", bits: 32 }, settings).program,
    origin: key,
    missing: async () => {
      const found = await data();
      return typeof found === "string" ? found : undefined;
    },
    weights: ({ store, place }) =>
      store.weights(`ECBSR-${bits}-${key}`, async () => {
        const one = { cell, key, compiled, settings, data: await required() };
        return (await enlarge(one, place)).weights;
      }),
    inputs: async () => imagesOf(await required(), bits),
  };
}

async function required(): Promise<EnlargingData> {
  const found = await data();
  if (typeof found === "string") throw new Error("repqc bug: a cell without data was not left out");
  return found;
}

/** Each image with the program of its size. */
async function imagesOf({ test }: EnlargingData, bits: Bits): Promise<readonly Inputs[]> {
  const found: Inputs[] = [];
  const pass = { batch: 1, random: Random.fromSeed(0), shuffle: false };
  for await (const batch of test.pass(pass)) found.push(inputsOf(batch, bits, test.scale));
  return found;
}

function inputsOf(batch: ExampleBatch, bits: Bits, scale: number): Inputs {
  const { inputs, inputShape, targets, targetShape } = batch;
  const policy = { call: `EnlargeRepQ(${bits})`, spec: resultsSpec };
  const truth = { targets: targets.slice(), targetShape };
  return {
    program: compileSpec({ ...network, policy, shape: inputShape }),
    branches: compileSpec({ ...network, shape: inputShape, form: "branches" }),
    input: { shape: [1, ...inputShape], data: inputs.slice() },
    score: ({ data }: HostTensor) =>
      psnrOfColours(
        data.map((colour) => Math.min(1, Math.max(0, colour))),
        truth,
        scale,
      ),
  };
}
