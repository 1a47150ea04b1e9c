import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { learningCurves } from "../../cli/report/learning-curves.ts";
import { readMetrics } from "../../cli/report/read-metrics.ts";
import { openMetrics } from "../../cli/train/metrics-log.ts";
import { CorruptFile } from "../../runtime/files.ts";
import { fakeTerminal } from "../cli/fake-terminal.ts";
import { elementsOf } from "../draw/xml.ts";
import { hasOnlyFiniteNumbers, parsed, textsOf, textsOutside } from "./chart-laws.ts";

const step = (epoch: number, at: number, loss = 1) =>
  JSON.stringify({ kind: "step", epoch, step: at, loss, rate: 0.1 / at, seconds: at });
const epoch = (number: number, at: number, accuracy = 0.5) =>
  JSON.stringify({ kind: "epoch", epoch: number, step: at, loss: 1 / number, accuracy, test: { accuracy: accuracy - 0.1 }, seconds: at }); // prettier-ignore
const whole = [step(1, 2), epoch(1, 4), step(2, 6), epoch(2, 8, 0.75), epoch(3, 12, 0.8)];
const text = (...lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");

describe("metrics", () => {
  it("are read line by line", () => {
    const { steps, epochs, isCutOff } = readMetrics(text(...whole), "m");
    expect(steps.map((line) => line.step)).toEqual([2, 6]);
    expect(epochs.map((line) => line.test?.["accuracy"])).toEqual([0.4, 0.65, 0.7000000000000001]);
    expect(isCutOff).toBe(false);
  });

  it("know what is not finite, also as earlier versions wrote it", () => {
    const tested = (number: number, psnr: unknown) =>
      JSON.stringify({ kind: "epoch", epoch: number, step: number, loss: 1, test: { psnr }, seconds: 1 }); // prettier-ignore
    const written = ["Infinity", "NaN", "-Infinity", 1000, -1000, null, 37.5];
    const lines = written.map((psnr, index) => tested(index + 1, psnr));
    const found = readMetrics(text(...lines), "m").epochs.map((line) => line.test?.["psnr"]);
    expect(found).toEqual([Infinity, NaN, -Infinity, Infinity, NaN, NaN, 37.5]);
  });

  it.each(["", '{"kind":"st'])("may be none yet: %j", (text) => {
    expect(readMetrics(text, "m.jsonl")).toEqual({ steps: [], epochs: [], isCutOff: text !== "" });
  });

  it("may end in half a line, as a killed training leaves it", () => {
    const cut = readMetrics(text(...whole) + '{"kind":"st', "m");
    expect([cut.epochs.length, cut.isCutOff]).toEqual([3, true]);
  });

  it.each([
    ["a broken line", text(step(1, 1), '{"kind":', epoch(1, 2)), /a line 2 that is not JSON/],
    ["another record", text('{"kind":"note"}'), /a line 1 that is neither a step nor an epoch/],
    ["a list", text("[]"), /a line 1 that is no record/],
    ["no loss", text('{"kind":"step","epoch":1,"step":1}'), /a line 1 that has no number `loss`/],
    ["a step of words", text('{"kind":"step","epoch":1,"step":"x","loss":1,"seconds":1}'), /no whole number `step`/],
    ["a metric of words", text('{"kind":"epoch","epoch":1,"step":1,"loss":1,"seconds":1,"test":{"accuracy":"x"}}'), /no numbers in `test`/],
    ["steps that go back", text(step(1, 5), step(1, 4)), /a line 2 that goes back from step 5 to 4/],
    ["a missing epoch", text(epoch(1, 4), epoch(3, 12)), /a line 2 that is of epoch 3, and epoch 2 is missing before it/],
    ["missing epochs", text(epoch(3, 12)), /a line 1 that is of epoch 3, and epochs are missing/],
  ])("refuse %s", (_, content, message) => {
    const read = () => readMetrics(content, "run/metrics.jsonl");
    expect(read).toThrow(CorruptFile);
    expect(read).toThrow(message);
    expect(read).toThrow("run/metrics.jsonl");
  }); // prettier-ignore
});

it("metrics come back as training wrote them, equal images and all, also after a stop", () => {
  const { folder } = fakeTerminal();
  const line = { kind: "epoch", step: 4, loss: 1, seconds: 2 } as const;
  const lines = [Infinity, NaN, 37.18].map((psnr, index) => ({
    ...line,
    epoch: index + 1,
    test: { psnr },
  }));
  const { append } = openMetrics(folder, "m.jsonl", { step: 0, epoch: 0 });
  lines.forEach(append);
  const content = () => readFileSync(join(folder, "m.jsonl"), "utf8");
  expect(content()).toContain('"test":{"psnr":"Infinity"}');
  expect(readMetrics(content(), "m.jsonl").epochs).toEqual(lines);
  openMetrics(folder, "m.jsonl", { step: 4, epoch: 2 });
  expect(readMetrics(content(), "m.jsonl").epochs).toEqual(lines.slice(0, 2));
});

describe("learning curves", () => {
  const charts = learningCurves(readMetrics(text(...whole), "m"));

  it("are loss, metrics and rate over epochs", () => {
    expect([...charts.keys()]).toEqual(["loss", "accuracy", "learning-rate"]);
    const [loss, accuracy] = [charts.get("loss"), charts.get("accuracy")];
    expect(loss && textsOf(loss)).toEqual(expect.arrayContaining(["epochs", "mean 0.333"]));
    expect(accuracy && textsOf(accuracy)).toEqual(
      expect.arrayContaining(["test 70.0", "training 80.0", "% of images"]),
    );
    for (const chart of charts.values()) expect(textsOutside(chart)).toEqual([]);
  });

  it("show what is not finite as that, and no number in its place", () => {
    const chartOf = (...found: readonly unknown[]) => {
      const lines = found.map(
        (psnr, index) =>
        JSON.stringify({ kind: "epoch", epoch: index + 1, step: index + 1, loss: 1, test: { psnr }, seconds: 1 }), // prettier-ignore
      );
      return learningCurves(readMetrics(text(...lines), "m")).get("psnr")!;
    };
    const mixed = chartOf(31, "Infinity", "Infinity", "NaN", 37.18, 36);
    expect(hasOnlyFiniteNumbers(mixed)).toBe(true);
    expect(textsOf(mixed)).toEqual(expect.arrayContaining(["∞", "test 36.00", "38"]));
    expect(textsOf(mixed).filter((said) => said === "∞")).toHaveLength(1);
    const paths = elementsOf(parsed(mixed), "path").map(({ attributes }) => attributes.get("d"));
    expect(paths.map((path) => path?.replaceAll(/[^ML]/g, ""))).toEqual(["MML"]);
    expect(textsOf(chartOf(37, "Infinity"))).toContain("test ∞");
    expect(textsOf(chartOf(37, "NaN"))).toContain("test no number");
    for (const chart of [mixed, chartOf(37, "Infinity"), chartOf("Infinity", "Infinity")]) {
      expect(textsOutside(chart)).toEqual([]);
    }
    // Beside the steps there is no number at all.
    const none = textsOf(chartOf("Infinity", "Infinity"));
    expect(none.slice(0, 2)).toEqual(["PSNR", "dB, mean over test images"]);
    expect(none.slice(2)).toEqual(["0.0", "0.5", "1.0", "1.5", "2.0", "steps", "∞", "test ∞"]);
  });

  it("run over steps where epochs are few, and know decibels", () => {
    const line = { kind: "epoch", epoch: 1, step: 9, loss: 2, test: { psnr: 37.18 }, seconds: 1 };
    const found = learningCurves(readMetrics(text(JSON.stringify(line)), "m"));
    const psnr = found.get("psnr");
    expect([...found.keys()]).toEqual(["loss", "psnr"]);
    expect(psnr && textsOf(psnr)).toEqual(expect.arrayContaining(["PSNR", "steps", "test 37.18"]));
  });
});
