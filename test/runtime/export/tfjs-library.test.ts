import { beforeAll, describe, expect, it } from "vitest";
import { completeSteps } from "../../../cli/run/run-program.ts";
import { openBackend } from "../../../runtime/backends/index.ts";
import { compareOutputs, exportTfjs, runTfjs } from "../../../runtime/export/index.ts";
import { runInteger } from "../../../runtime/integer/index.ts";
import { Random } from "../../../runtime/random.ts";
import { initialWeights, mergeWeights } from "../../../runtime/weights.ts";
import { randomTensor } from "../../cli/run-files.ts";
import { programOf } from "../../library/library.ts";
import { runTrainGraph } from "../../support/run-program.ts";

/** Models of the library with inputs that are small, so that the integer executor is quick. */
const models = [
  { file: "models/fashion", entry: "Fashion", shape: [28, 28, 1], widths: [8, 4] },
  { file: "models/ecbsr", entry: "ECBSR_M4C16(2)", shape: [20, 24, 1], widths: [8, 4] },
  { file: "models/mobileone", entry: "MobileOne_S0", shape: [32, 32, 3], widths: [8, 4] },
  { file: "models/repvgg", entry: "RepVGG_A0", shape: [32, 32, 3], widths: [8] },
  {
    file: "models/ac-resnet18",
    entry: "AC_ResNet18",
    shape: [32, 32, 3],
    widths: [4],
    method: "RepQ_Sums",
  },
];

const cases = models.flatMap(({ widths, ...model }) => widths.map((bits) => ({ ...model, bits })));

describe("the library's models as GraphModels", () => {
  beforeAll(async () => void (await openBackend("wasm", { threads: 1 })));

  it.each(cases)(
    "give what was trained: $entry at $bits bits",
    async ({ file, entry, shape, bits, method = "RepQ" }) => {
      const policy = `${method}(${bits})`;
      const policies = file === "models/fashion" ? [] : ["quant/uniform"];
      const program = programOf([file, ...policies], { entry, policy, shape });
      const random = Random.fromSeed(bits);
      const input = randomTensor(random, [2, ...shape]);
      const { weights } = await completeSteps(program, initialWeights(program, 1), input);
      const deployed = await mergeWeights(program, weights);
      const trained = await runTrainGraph(program, "eval", new Map(weights), input);
      const { output } = runInteger(program.deploy, deployed, input);
      expect(new Set(output.data).size).toBeGreaterThan(9);
      const { files } = exportTfjs(program, deployed, { generator: "repqc test" });
      const got = await runTfjs(files, input);
      expect(compareOutputs(trained, got).differing).toBe(0);
      expect(compareOutputs(output, got).differing).toBe(0);
    },
  );
});
