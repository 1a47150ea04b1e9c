import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { fileHost } from "../../cli/file-host.ts";
import { readRun } from "../../cli/train/run-record.ts";
import { Random } from "../../runtime/random.ts";
import { readSafetensors, writeSafetensors, type HostTensor } from "../../runtime/safetensors.ts";
import { saveCheckpoint } from "../../runtime/train/checkpoint.ts";
import { hashProgram } from "../../runtime/train/index.ts";
import { elementsOf, parseXml, type Element } from "../draw/xml.ts";
import { metrics, runFolder } from "./run-folder.ts";

async function reportOn(
  quant: string | undefined,
  args: readonly string[] = [],
  change?: (weights: Map<string, HostTensor>) => void,
) {
  const { terminal, at } = await runFolder(quant, change);
  const call = () => main(["report", "run", "--backend", "cpu", ...args], terminal);
  const page = () => readFileSync(at("run/report.html"), "utf8");
  /** What it says besides what it computes on. */
  const problems = () => terminal.errors().replace(/^cpu: .*\n/m, "");
  return { terminal, at, call, page, problems };
}

/** Reads the page as strictly as XML. */
function pageOf(text: string): Element {
  expect(text.startsWith("<!doctype html>\n")).toBe(true);
  return parseXml(text.slice("<!doctype html>\n".length).trim());
}

function wordsOf(element: Element): string {
  return element.children.map((one) => (typeof one === "string" ? one : wordsOf(one))).join(" ");
}

describe("repqc report", () => {
  it("writes one page with curves, quantizers, ranges of every branch, and remarks", async () => {
    const { terminal, call, page, problems } = await reportOn("W4A4");
    expect([await call(), problems()]).toEqual([0, ""]);
    expect(terminal.output()).toBe("wrote run/report.html\n");
    const html = pageOf(page());
    const said = wordsOf(html);
    for (const words of [
      "Net", "W4A4", "Short: 3 epochs", "small images", "cpu: for tests", "70.00 %", "best: epoch 3", "Training loss", "Learning rate",
      "the 3 images in samples.safetensors", "body.0.kernel (weights)", "body.1.input (activations)", "body.1 (ranges)", "dense", "point", "skip", "2 → 4 channels",
    ]) expect(said).toContain(words); // prettier-ignore
    const rows = elementsOf(html, "tr");
    expect(rows.length).toBeGreaterThan(6);
    expect(elementsOf(html, "svg").length).toBeGreaterThanOrEqual(3 + 1 + 3 * 3);
  });

  it("shows equal images and what is no number as that, and the best of them", async () => {
    const { at, call, page } = await reportOn("W4A4");
    const tested = ["NaN", 37, "Infinity", 38, "NaN"].map(
      (psnr, index) =>
      JSON.stringify({ kind: "epoch", epoch: index + 1, step: index + 1, loss: 1, test: { psnr }, seconds: 1 }), // prettier-ignore
    );
    writeFileSync(at("run/metrics.jsonl"), tested.map((line) => `${line}\n`).join(""));
    expect(await call()).toBe(0);
    const tiles = elementsOf(pageOf(page()), "li").map(wordsOf);
    expect(tiles).toEqual(
      expect.arrayContaining(["no number test PSNR, last epoch", "∞ dB best: epoch 3"]),
    );
  });

  it("needs nothing from elsewhere, runs no script, and is the same again", async () => {
    const { call, page } = await reportOn("W4A4");
    await call();
    const first = page();
    expect(first).not.toMatch(
      /https?:(?!\/\/www\.w3\.org\/2000\/svg)|<script|url\(|@import|<link|<img/,
    );
    await call();
    expect(page() === first).toBe(true);
  });

  it("tells the branch that breaks a range, by path and number", async () => {
    const { call, page } = await reportOn("W4A4", [], (weights) => {
      const gamma = weights.get("body.1.skip.1.gamma");
      expect(gamma?.shape).toEqual([4]);
      weights.set("body.1.skip.1.gamma", { shape: [4], data: Float32Array.of(1, 1, 40, 1) });
    });
    await call();
    const said = wordsOf(pageOf(page())).replaceAll(/\s+/g, " ");
    expect(said).toMatch(/channel 2 is \d\d\.\d times as wide as the median, mostly by skip/);
  });

  it.each(["After", "Branches", "Offset"])("takes %s", async (quant) => {
    const { call, page, problems } = await reportOn(quant);
    expect([await call(), problems().replace(/[^]*quant\/float-merge[^]*/, "")]).toEqual([0, ""]);
    const said = wordsOf(pageOf(page()));
    expect(said.includes("no branches to compare")).toBe(quant === "After");
    expect(said).not.toContain("not seen");
  });

  it("shows the ranges of a floating-point run", async () => {
    const { call, page } = await reportOn(undefined);
    expect(await call()).toBe(0);
    const said = wordsOf(pageOf(page()));
    expect(said).toContain("This run has no quantizers");
    expect(said).toContain("body.0 (ranges)");
  });

  it("writes the charts as files too", async () => {
    const { at, call, problems } = await reportOn("W4A4", ["-o", "page.html", "--svg", "charts"]);
    expect([await call(), problems()]).toEqual([0, ""]);
    expect(existsSync(at("page.html"))).toBe(true);
    const names = readdirSync(at("charts"));
    expect(names).toEqual(
      expect.arrayContaining([
        "loss.svg",
        "error-by-layer.svg",
        "body.0.kernel.levels.svg",
        "body.0.ranges.svg",
      ]),
    );
    for (const name of names) {
      const svg = parseXml(readFileSync(at(`charts/${name}`), "utf8").trim());
      expect(svg.attributes.get("xmlns")).toBe("http://www.w3.org/2000/svg");
    }
  });

  it("shows the weights where neither sample nor data is there, and the merge where the spec changed", async () => {
    const { at, call, page } = await reportOn("W4A4");
    rmSync(at("run/samples.safetensors"));
    writeFileSync(
      at("mine.repq"),
      readFileSync(at("mine.repq"), "utf8").replace("branch skip", "branch jump"),
    );
    expect(await call()).toBe(0);
    const said = wordsOf(pageOf(page()));
    expect(said).toContain("Activations were not looked at");
    expect(said).toContain("the merge cannot be taken apart");
    expect(said).toContain("body.0.kernel (weights)");
    expect(said).not.toContain("body.0.input (activations)");
  });

  it("shows a run that has not finished as its checkpoint has it", async () => {
    const { terminal, at, call, page, problems } = await reportOn("W4A4");
    const host = fileHost(terminal.folder);
    const { program } = await readRun(host, "run");
    const { tensors } = readSafetensors(readFileSync(at("run/weights.safetensors")), "weights");
    const random = Random.fromSeed(1).state;
    const place = { programHash: await hashProgram(program), step: 4, epoch: 2, nextBatch: 0 };
    const state = { ...place, random, metrics: {}, more: null };
    await saveCheckpoint(host, "run/checkpoints", "last", {
      weights: tensors,
      optimizer: new Map(),
      state,
    });
    rmSync(at("run/weights.safetensors"));
    expect([await call(), problems()]).toEqual([0, ""]);
    expect(wordsOf(pageOf(page()))).toContain("the checkpoint after 4 steps");
  });

  it.each(["no metrics", "no whole line of metrics", "no metrics, and no sample"])(
    "shows what there is of a run with %s",
    async (what) => {
      const { terminal, at, call, page } = await reportOn("W4A4");
      if (what.includes("line")) writeFileSync(at("run/metrics.jsonl"), '{"kind":"st');
      else rmSync(at("run/metrics.jsonl"));
      if (what.includes("sample")) rmSync(at("run/samples.safetensors"));
      expect(await call(), terminal.errors()).toBe(0);
      const said = wordsOf(pageOf(page()));
      expect(said).toContain("There are no curves: the run has no metrics, or none yet.");
      expect(said).toContain("Quantized training, finished.");
      expect(said).toContain("body.0.kernel (weights)");
      expect(said).not.toMatch(/NaN|Infinity|undefined/);
    },
  );

  it("says that a killed training cut its metrics off", async () => {
    const { at, call, page } = await reportOn("W4A4");
    writeFileSync(at("run/metrics.jsonl"), `${metrics}{"kind":"st`);
    expect(await call()).toBe(0);
    expect(wordsOf(pageOf(page()))).toContain("The last line of the metrics is cut off");
  });

  it.each<[string, (at: (file: string) => string) => void, RegExp]>([
    ["no run", (at) => rmSync(at("run/run.json")), /artefact\/missing-file[^]*run\/run\.json[^]*repqc train -o/],
    ["a damaged line", (at) => writeFileSync(at("run/metrics.jsonl"), `{"kind"\n${metrics}`), /artefact\/corrupt[^]*metrics\.jsonl[^]*line 1 that is not JSON/],
    ["no weights", (at) => rmSync(at("run/weights.safetensors")), /artefact\/missing-file[^]*checkpoints\/last\.json/],
    ["weights cut short", (at) => writeFileSync(at("run/weights.safetensors"), "short"), /artefact\/corrupt[^]*weights\.safetensors/],
    ["weights of another program", (at) => writeFileSync(at("run/weights.safetensors"), writeSafetensors(new Map())), /artefact\/corrupt[^]*does not fit the run's program/],
    ["a sample of another shape", (at) => writeFileSync(at("run/samples.safetensors"), writeSafetensors(new Map([["input", { shape: [1, 2], data: new Float32Array(2) }]]))), /artefact\/corrupt[^]*`input` of \[1, 2\][^]*\[N, 6, 6, 2\]/],
    ["an empty sample", (at) => writeFileSync(at("run/samples.safetensors"), writeSafetensors(new Map())), /artefact\/corrupt[^]*no tensor `input`/],
  ])("refuses %s", async (_, damage, message) => {
    const { terminal, at, call } = await reportOn("W4A4");
    damage(at);
    expect(await call()).toBe(1);
    expect(terminal.errors()).toMatch(message);
    expect(terminal.errors()).not.toContain("has a bug");
    expect(existsSync(at("run/report.html"))).toBe(false);
  }); // prettier-ignore

  it("never writes over what it reads", async () => {
    const { terminal, at, call } = await reportOn("W4A4", ["-o", "run/metrics.jsonl"]);
    expect(await call()).toBe(1);
    expect(terminal.errors()).toMatch(
      /artefact\/unwritable[^]*the run's metrics\.jsonl is the same file/,
    );
    expect(readFileSync(at("run/metrics.jsonl"), "utf8")).toBe(metrics);
  });
});
