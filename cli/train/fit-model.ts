import type { Program } from "../../compiler/ir/index.ts";
import { shapeText } from "../runtime-mistake.ts";
import { dataMisfit } from "./data-misfit.ts";

/** The classes of a set: so many, or more where the data does not say. */
interface Classes {
  readonly classes: readonly string[];
  readonly mayHaveMoreClasses?: boolean;
}

/** Checks that a model puts out a number for each class. @throws UserMistake */
export function requireClassifier(
  { entry, output }: Program,
  data: string,
  { classes: { length: classes }, mayHaveMoreClasses = false }: Classes,
): void {
  const model = `\`${entry}\``;
  const [found] = output.shape;
  if (output.shape.length !== 1) {
    const problem = `its images have labels, and the model puts out a map of ${shapeText(output.shape)}`;
    const hint = "end the model with `global_avg -> dense(classes)`";
    throw dataMisfit(data, model, problem, hint);
  }
  if (found === classes || (mayHaveMoreClasses && (found ?? 0) > classes)) return;
  const hint = `give the model ${classes} classes, as in \`dense(${classes})\``;
  throw dataMisfit(data, model, `it has ${classes} classes, and the model has ${found}`, hint);
}

/** Checks that images are what a model takes. @throws UserMistake */
export function requireInput(
  { entry, input }: Program,
  data: string,
  shape: readonly number[],
): void {
  if (shape.every((side, axis) => side === input.shape[axis])) return;
  const problem = `its images are ${shapeText(shape)}, and the model's input is ${shapeText(input.shape)}`;
  const hint = `declare \`image[${shape.join(", ")}]\`, or use other data`;
  throw dataMisfit(data, `\`${entry}\``, problem, hint);
}

/** How many times larger a model makes luma, or colours. @throws UserMistake */
export function scaleOf({ entry, input, output }: Program, data: string): number {
  const [height = 0, width = 0, channels] = input.shape;
  const [outHeight = 0, outWidth = 0, outChannels] = output.shape;
  const scale = outHeight / height;
  const isSquare = height === width && outWidth === outHeight;
  const isSeen = channels === outChannels && (channels === 1 || channels === 3);
  if (isSeen && isSquare && Number.isInteger(scale) && scale >= 2) return scale;
  const shapes = `it makes ${shapeText(output.shape)} of ${shapeText(input.shape)}`;
  const problem = `photographs are for models that enlarge a square of luma or colours by a whole factor, and ${shapes}`;
  const hint = "give a model such as those in `repq:models/ecbsr`, or data with labels";
  throw dataMisfit(data, `\`${entry}\``, problem, hint);
}
