import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../compiler/compile.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { createHost } from "../../cli/host.ts";
import { inputShapeOf, type OpenData } from "../../cli/train/open-data.ts";
import { examplesFor } from "../../cli/train/run-examples.ts";
import { UserMistake } from "../../cli/user-mistake.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import type { ImageData, ImageDecoder } from "../../runtime/data/index.ts";
import { psnr } from "../../runtime/metrics/index.ts";
import { predictPair } from "./predict-pair.ts";
import { Random } from "../../runtime/random.ts";
import { train, type Recipe } from "../../runtime/train/index.ts";
import { initialWeights } from "../../runtime/weights.ts";
import { fakeTerminal } from "./fake-terminal.ts";

const spec = `model Twice {
  input luma: image[_, _, 1]
  output luma -> conv(3x3, 4) -> depth_to_space(2)
}

model Classes {
  input image: image[8, 8, 3]
  output image -> conv(3x3, 4) -> global_avg -> dense(2)
}
`;

function programOf(entry: string, shape?: readonly number[]): Program {
  const { folder } = fakeTerminal({ "net.repq": spec });
  const { host, entry: file } = createHost({ folder, entry: "net.repq" });
  const { program, diagnostics } = compile({ file, entry, ...(shape && { shape }) }, host);
  if (!program) throw new Error(diagnostics.map(({ message }) => message).join());
  return program;
}

/** Images of any name: noise that the name alone decides; small ones where it says so. */
const decoder: ImageDecoder = {
  decode: async ({ file, view }) => {
    const whole = file.includes("_LR") ? [10, 12] : [20, 24];
    const [height = 0, width = 0] = view && view.kind !== "size" ? view.size : whole;
    const random = Random.fromSeed(file.length);
    const pixels = Uint8Array.from({ length: height * width * 3 }, () => random.below(256));
    return { height, width, pixels };
  },
  close: async () => {},
};

const photographs: OpenData = {
  choice: { data: "photos", testData: "set", images: 2 },
  training: { kind: "photographs", files: ["photos/a.jpg", "photos/bb.jpg", "photos/ccc.jpg"] },
  test: {
    kind: "pairs",
    files: {
      folder: "set",
      pairs: ["one", "three"].map((name) => ({
        name,
        low: `set/${name}_LR.png`,
        high: `set/${name}_HR.png`,
      })),
    },
  },
};

const list = (part: string) => ({
  size: 10,
  at: (index: number) => ({ file: `set/${part}/${index}.jpg`, label: index < 5 ? 0 : 1 }),
});

const imageFolder: OpenData = {
  choice: { data: "set", images: 4 },
  training: {
    kind: "image-folder",
    images: { folder: "set", classes: ["a", "b"], training: list("train"), test: list("val") },
  },
};

describe("examples of a run", () => {
  beforeAll(async () => void (await openBackend("cpu")));

  it("train super-resolution, and measure it as the literature does", async () => {
    expect(inputShapeOf(photographs)).toEqual([64, 64, 1]);
    const program = programOf("Twice", [6, 6, 1]);
    const { training, test } = examplesFor(program, photographs, decoder);
    expect(training).toMatchObject({ size: 128, inputShape: [6, 6, 1] });
    expect(training.target).toEqual({ kind: "images", shape: [12, 12, 1], peak: 255 });
    const recipe: Recipe = {
      epochs: 1,
      batch: 32,
      seed: 1,
      loss: { name: "mean_absolute_error" },
      optimizer: { name: "adam" },
      schedule: { name: "constant" },
      rate: 0.01,
    };
    const weights = initialWeights(program, 1);
    const result = await train({
      program,
      recipe,
      trainingData: training,
      testData: test!,
      weights,
    });
    const ratios: number[] = [];
    for await (const batch of test!.pass({
      batch: 1,
      random: Random.fromSeed(0),
      shuffle: false,
    })) {
      const image = predictPair(program, result.weights, batch);
      const truth = batch.targets as Float32Array;
      ratios.push(psnr({ height: 20, width: 24, image, truth }, { border: 2 }));
    }
    expect(ratios.length).toBe(2);
    const [epoch] = result.history;
    expect(epoch!.test!["psnr"]).toBeCloseTo((ratios[0]! + ratios[1]!) / 2, 6);
    expect(epoch).not.toHaveProperty("trainAccuracy");
  });

  it("take some images from all classes of a folder", async () => {
    const { training, test } = examplesFor(programOf("Classes"), imageFolder, decoder);
    expect([training.size, test!.size]).toEqual([4, 10]);
    expect(training.name).not.toContain("set");
    const labels: number[] = [];
    const pass = { batch: 4, random: Random.fromSeed(0), shuffle: false };
    for await (const { targets, inputs } of training.pass(pass)) {
      labels.push(...targets);
      expect(inputs.length).toBe(4 * 8 * 8 * 3);
    }
    expect(labels).toEqual([0, 0, 1, 1]);
  });

  it.each([
    ["a classifier of photographs", programOf, "Classes", photographs, "enlarge a square"],
    ["an enlarger of labels", programOf, "Twice", imageFolder, "the model puts out a map"],
  ] as const)("refuse %s", (_, make, entry, data, text) => {
    const program = make(entry, entry === "Twice" ? [8, 8, 1] : undefined);
    const refuse = () => examplesFor(program, data, decoder);
    expect(refuse).toThrow(UserMistake);
    expect(refuse).toThrow(text);
  });

  it("are tested on the same kind of data", () => {
    const program = programOf("Classes");
    const others = { folder: "other", training: list("train"), test: list("val") };
    const test = { kind: "image-folder", images: { ...others, classes: ["a", "b"] } } as const;
    const choice = { data: "set", testData: "other" };
    const found = examplesFor(program, { ...imageFolder, choice, test }, decoder);
    expect([found.training.size, found.test!.size]).toEqual([10, 10]);
    const refuse = (data: ImageData) => () =>
      examplesFor(program, { ...imageFolder, choice, test: data }, decoder);
    expect(refuse(photographs.training)).toThrow(
      "it holds photographs, and `set` images in folders of their classes",
    );
    const renamed = { ...test, images: { ...test.images, classes: ["a", "c"] } };
    expect(refuse(renamed)).toThrow("its class 1 is `c`, and that of `set` is `b`");
    const more = { ...test, images: { ...test.images, classes: ["a", "b", "c"] } };
    expect(refuse(more)).toThrow("it has 3 classes, and `set` has 2");
  });
});
