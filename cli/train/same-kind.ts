import type { ImageData } from "../../runtime/data/index.ts";
import { dataMisfit } from "./data-misfit.ts";
import type { DataChoice } from "./open-data.ts";

const kinds = {
  labelled: "images with labels",
  "image-folder": "images in folders of their classes",
  photographs: "photographs",
  pairs: "pairs of images",
} as const;

/** Which kinds of data may test what was trained on another. */
const tests: Readonly<Record<ImageData["kind"], readonly ImageData["kind"][]>> = {
  labelled: ["labelled"],
  "image-folder": ["image-folder"],
  photographs: ["photographs", "pairs"],
  pairs: [],
};

/** Checks that what was trained on some data can be tested on other: images of the same classes, or photographs. @throws UserMistake */
export function requireSameKind(training: ImageData, test: ImageData, choice: DataChoice): void {
  const { data, testData = data } = choice;
  const what = `a training on \`${data}\``;
  const fitting = tests[training.kind];
  if (!fitting.includes(test.kind)) {
    const problem = `it holds ${kinds[test.kind]}, and \`${data}\` ${kinds[training.kind]}`;
    const wanted = fitting.map((kind) => kinds[kind]).join(" or ");
    throw dataMisfit(testData, what, problem, `give ${wanted}, or leave \`--test-data\` out`);
  }
  // Numbers up to the largest that occurs: the model has to have all of them, which is checked with it.
  if (hasOpenEnd(training) && hasOpenEnd(test)) return;
  const [trained, tested] = [classesOf(training), classesOf(test)];
  const place = trained.findIndex((name, index) => name !== tested[index]);
  if (place < 0 && trained.length === tested.length) return;
  const problem =
    trained.length === tested.length
      ? `its class ${place} is \`${tested[place]}\`, and that of \`${data}\` is \`${trained[place]}\``
      : `it has ${tested.length} classes, and \`${data}\` has ${trained.length}`;
  throw dataMisfit(
    testData,
    what,
    problem,
    "test on images of the same classes, in the same order",
  );
}

function hasOpenEnd(data: ImageData): boolean {
  return data.kind === "labelled" && data.parts.test.mayHaveMoreClasses === true;
}

function classesOf(data: ImageData): readonly string[] {
  if (data.kind === "labelled") return data.parts.test.classes;
  return data.kind === "image-folder" ? data.images.classes : [];
}
