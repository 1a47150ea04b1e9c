/** What a training makes of data on disk: other data to test on, broken and changed images, a sample for the report. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { main } from "../../cli/main.ts";
import { Random } from "../../runtime/random.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { load } from "./run-files.ts";
import { readMetrics, trainWorld, writeIdxFolder } from "./train-world.ts";

const colours = `model Colours {
  input image: image[8, 8, 3]
  output image -> conv(3x3, 4) -> relu -> global_avg -> dense(2)
}

recipe Short {
  epochs:    2
  batch:     4
  loss:      cross_entropy
  optimizer: sgd
  rate:      0.1
}
`;

async function writeImage(path: string, random: Random): Promise<void> {
  const pixels = Uint8Array.from({ length: 12 * 12 * 3 }, () => random.below(256));
  await sharp(pixels, { raw: { width: 12, height: 12, channels: 3 } })
    .png()
    .toFile(path);
}

/** A folder of images of two classes, 8 to train on and 4 to test on, and what trains on it. */
async function imageWorld() {
  const terminal = fakeTerminal({ "net.repq": colours });
  const at = (path: string) => join(terminal.folder, path);
  const random = Random.fromSeed(2);
  for (const [part, count] of [
    ["train", 4],
    ["val", 2],
  ] as const)
    // prettier-ignore
    for (const name of ["cat", "dog"]) {
      mkdirSync(at(`set/${part}/${name}`), { recursive: true });
      for (let index = 0; index < count; index++) {
        await writeImage(at(`set/${part}/${name}/${index}.png`), random);
      }
    }
  const usual = "--recipe Short --data set --backend cpu --checkpoint-every 1 -o run".split(" ");
  const train = (...args: readonly string[]) =>
    main(["train", "net.repq", ...usual, ...args], terminal);
  const resume = (...args: readonly string[]) =>
    main(["train", "--resume", "-o", "run", ...args], terminal);
  return { terminal, at, train, resume };
}

describe("training on a folder of images", () => {
  it("with a broken one names it, loses nothing, and goes on once it is mended", async () => {
    const { terminal, at, train, resume } = await imageWorld();
    const image = at("set/train/dog/3.png");
    copyFileSync(image, at("whole.png"));
    truncateSync(image, 100);
    expect(await train()).toBe(1);
    expect(terminal.errors()).toContain("artefact/corrupt");
    expect(terminal.errors()).toContain("`set/train/dog/3.png` is damaged: it is no image that");
    expect(terminal.errors()).not.toContain("bug");
    const saved = readdirSync(at("run"));
    expect(saved).toContain("run.json");
    expect(saved).not.toContain("run.lock");

    // As it was, it is other data than the run began with.
    copyFileSync(at("whole.png"), image);
    expect(await resume()).toBe(1);
    expect(terminal.errors()).toContain("the data in `set` changed since the run");
    expect(await resume("--changed-data"), terminal.errors()).toBe(0);
    expect(terminal.errors()).toContain("note: the data changed;");
    expect(existsSync(at("run/weights.safetensors"))).toBe(true);
    rmSync(at("run/weights.safetensors"));
    expect(await resume(), "it is the run's data from now on").toBe(0);
  });

  it("tells where the policy takes normalized numbers for an image's", async () => {
    const { terminal, at, train } = await imageWorld();
    const sign = (text: string) =>
      `quant Q { weights: lsq(bits: 8)\n activations: lsq(bits: 8)\n at first { activations: lsq(bits: 8, signed: ${text}) } }`;
    writeFileSync(at("net.repq"), `${colours}\n${sign("false")}`);
    expect(await train("--quant", "Q", "--epochs", "1"), terminal.errors()).toBe(0);
    expect(terminal.errors()).toMatch(
      /note: the policy quantizes the input without a sign .* \d+ % of/,
    );
    const other = await imageWorld();
    writeFileSync(other.at("net.repq"), `${colours}\n${sign("auto")}`);
    expect(await other.train("--quant", "Q", "--epochs", "1"), other.terminal.errors()).toBe(0);
    expect(other.terminal.errors()).not.toContain("without a sign");
  });

  it("tells once of images that are passed over", async () => {
    const { terminal, at, train } = await imageWorld();
    for (const name of ["a.bmp", "b.GIF", ".c.bmp", "notes.txt"]) {
      writeFileSync(at(`set/train/cat/${name}`), "");
    }
    expect(await train("--epochs", "1"), terminal.errors()).toBe(0);
    expect(terminal.errors().match(/note: passed over 2 images in set: only /g)).toHaveLength(1);
  });

  it("refuses to go on where an image has another content, of the same name and size", async () => {
    const { terminal, at, train, resume } = await imageWorld();
    expect(await train(), terminal.errors()).toBe(0);
    rmSync(at("run/weights.safetensors"));
    const path = at("set/train/cat/1.png");
    const bytes = readFileSync(path);
    bytes[bytes.length - 20]! ^= 1;
    writeFileSync(path, bytes);
    expect(await resume()).toBe(1);
    expect(terminal.errors()).toContain("the data in `set` changed since the run");
    bytes[bytes.length - 20]! ^= 1;
    writeFileSync(path, bytes);
    expect(await resume(), terminal.errors()).toBe(0);
  });

  it("refuses a broken first image before anything is written", async () => {
    const { terminal, at, train } = await imageWorld();
    writeFileSync(at("set/val/cat/0.png"), "no image");
    expect(await train()).toBe(1);
    expect(terminal.errors()).toContain("`set/val/cat/0.png` is damaged");
    expect(existsSync(at("run"))).toBe(false);
  });
});

describe("--test-data", () => {
  it("of images with labels takes the place of the data's own test part", async () => {
    const { terminal, at, train, json } = trainWorld();
    writeIdxFolder(at("others"), { train: 6, t10k: 9 });
    expect(await train("--test-data", "others", "--epochs", "1", "-o", "run")).toBe(0);
    expect(json("run/run.json").data.test.size, terminal.errors()).toBe(9);
    const [accuracy] = readMetrics(at("run")).flatMap((line) =>
      "test" in line ? [(line.test as { accuracy: number }).accuracy] : [],
    );
    expect(Number.isInteger(Math.round(accuracy! * 9 * 1e6) / 1e6)).toBe(true);
  });

  it("of another kind is refused", async () => {
    const { terminal, at, train } = trainWorld();
    mkdirSync(at("photos"));
    await writeImage(at("photos/one.png"), Random.fromSeed(1));
    expect(await train("--test-data", "photos", "-o", "run")).toBe(1);
    expect(terminal.errors()).toContain(
      "`photos` does not fit a training on `images`: it holds photographs, and `images` images with labels",
    );
    expect(existsSync(at("run"))).toBe(false);
  });
});

describe("a run's sample", () => {
  it("is of its data, and is what the report looks at", async () => {
    const { terminal, at, train } = trainWorld();
    const quant = ["--quant", "repq:quant/uniform#RepQ(4)"];
    expect(await train(...quant, "--epochs", "1", "-o", "run"), terminal.errors()).toBe(0);
    const { shape, data } = load(terminal, "run/samples.safetensors").get("input")!;
    expect(shape).toEqual([12, 6, 6, 1]);
    const bytes = readFileSync(at("images/t10k-images-idx3-ubyte")).subarray(16);
    expect([...data]).toEqual([...Float32Array.from(bytes, (byte) => byte / 255)]);
    rmSync(at("images"), { recursive: true });
    expect(await main(["report", "run", "--backend", "cpu"], terminal)).toBe(0);
    const page = readFileSync(at("run/report.html"), "utf8");
    expect(page).toContain("Activations are those of the first 12 images of IDX images, test part");
  });
});
