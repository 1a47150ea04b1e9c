import { existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { readMetrics, trainWorld, writeIdxFolder } from "./train-world.ts";

const shared = fileURLToPath(new URL("../../../shared/data", import.meta.url));
const hasShared = existsSync(`${shared}/ecbsr`) && existsSync(`${shared}/set5/x2`);
if (!hasShared) console.warn(`A test of released weights is skipped: there is no ${shared}`);

interface Found {
  readonly data: { readonly size: number };
  readonly graphs: readonly {
    readonly graph: string;
    readonly accuracy?: number;
    readonly psnr?: number;
    readonly images?: readonly { readonly name: string; readonly psnr: number }[];
  }[];
}

/** A run, and `evaluate` on the cpu backend. */
async function trained(...args: readonly string[]) {
  const world = trainWorld();
  const { terminal, train } = world;
  expect(await train("--epochs", "1", "-o", "run", ...args), terminal.errors()).toBe(0);
  const evaluate = (...others: readonly string[]) =>
    main(["evaluate", "--backend", "cpu", ...others], terminal);
  const json = async (...others: readonly string[]): Promise<Found> => {
    const before = terminal.output().length;
    expect(await evaluate("--json", ...others), terminal.errors()).toBe(0);
    return JSON.parse(terminal.output().slice(before)) as Found;
  };
  return { ...world, evaluate, foundBy: json };
}

describe("repqc evaluate", () => {
  it("finds of a run what training found, before and after the merge", async () => {
    const { terminal, at, evaluate, foundBy } = await trained(
      "--quant",
      "repq:quant/uniform#RepQ(4)",
    );
    const [line] = readMetrics(at("run")).filter(({ kind }) => kind === "epoch");
    const { accuracy } = (line as unknown as { test: { accuracy: number } }).test;
    const { data, graphs } = await foundBy("run");
    expect(data.size).toBe(12);
    expect(graphs).toEqual([
      { graph: "train", accuracy },
      { graph: "deploy", accuracy },
    ]);
    expect(await evaluate("run")).toBe(0);
    const text = terminal.output();
    expect(text).toContain(
      "Net, RepQ(bits: 4): run/weights.safetensors\non IDX images, test part: 12",
    );
    expect(text).toContain(`trained    ${(100 * accuracy).toFixed(2)} %`);
  });

  it("judges a spec's weights on other data: trained, merged, of an unfinished run", async () => {
    const { terminal, at, evaluate, foundBy } = await trained();
    writeIdxFolder(at("others"), { train: 6, t10k: 9 });
    const spec = ["net.repq", "--entry", "Net", "--data", "others", "--weights"];
    const whole = await foundBy(...spec, "run");
    expect(whole.data.size).toBe(9);
    expect(whole.graphs.map(({ graph }) => graph)).toEqual(["train", "deploy"]);
    const merged = await foundBy(...spec, "run/deployed.safetensors");
    expect(merged.graphs).toEqual(whole.graphs.slice(1));
    rmSync(at("run/weights.safetensors"));
    expect(await evaluate(...spec, "run")).toBe(0);
    expect(terminal.output()).toContain(
      "of the checkpoint after step 6, its best epoch (1): the run in `run` has not",
    );
  });

  it("judges branches that cannot be merged as branches", async () => {
    const { foundBy } = await trained("--quant", "repq:quant/uniform#Branches");
    expect((await foundBy("run")).graphs.map(({ graph }) => graph)).toEqual(["train"]);
  });

  it.each([
    [["run", "--quant", "RepQ"], "`--quant` needs a spec"],
    [["run", "--data", "nothing"], "there is no file `nothing`"],
    [["net.repq", "--entry", "Net", "--data", "images"], "needs `--weights FILE`"],
    [["net.repq", "--entry", "Net", "--weights", "run"], "needs `--data DIR`"],
    [
      ["net.repq", "--entry", "Wide", "--data", "images", "--weights", "run"],
      "[1, 1, 4, 4] in the model",
    ],
    [
      ["net.repq", "--entry", "Net", "--quant", "repq:quant/uniform#RepQ(4)", "--data", "images", "--weights", "run"],
      "artefact/missing-weight",
    ],
    [["images"], "`images/run.json`"],
  ])("refuses %s", async (args, text) => {
    const { terminal, evaluate } = await trained();
    expect(await evaluate(...args)).toBe(1);
    expect(terminal.errors()).toContain(text);
    expect(terminal.errors()).not.toContain("bug");
  }); // prettier-ignore

  it.skipIf(!hasShared)(
    "finds the published decibels of released ECBSR weights on Set5",
    async () => {
      const terminal = fakeTerminal({});
      const entry = ["repq:models/ecbsr", "--entry", "ECBSR_M4C16(colors: 3)"];
      const from = [
        "--from",
        `${shared}/ecbsr/ECBSR_M4C16_x2.pth`,
        "--unmerge",
        "-o",
        "w.safetensors",
      ];
      expect(await main(["import", ...entry, ...from], terminal), terminal.errors()).toBe(0);
      const how = ["--weights", "w.safetensors", "--data", `${shared}/set5/x2`, "--peak", "1"];
      const call = ["evaluate", ...entry, ...how, "--images", "2", "--backend", "wasm"];
      expect(await main([...call, "--json"], terminal), terminal.errors()).toBe(0);
      const { graphs } = JSON.parse(
        terminal.output().slice(terminal.output().indexOf("{")),
      ) as Found;
      expect(graphs.map(({ graph }) => graph)).toEqual(["train", "deploy"]);
      for (const { images = [] } of graphs) {
        const found = images.map(({ name, psnr }) => `${name} ${psnr.toFixed(2)}`);
        expect(found).toEqual(["img_001 38.68", "img_002 41.91"]);
      }
    },
    60_000,
  );
});
