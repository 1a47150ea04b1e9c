/** Numbers that an option of a recipe may be: from `least`, which itself may be left out of it, up to `most`. */
export interface OptionRange {
  readonly least: number;
  readonly most: number;
  readonly isAbove?: boolean;
  readonly isBelow?: boolean;
}

type Choices = Readonly<Record<string, Readonly<Record<string, OptionRange>>>>;

const share: OptionRange = { least: 0, most: 1, isBelow: true };
const any: OptionRange = { least: 0, most: 1e9 };

/** What a recipe can choose from, with the options of each; the runtime has a file for each name. */
export const recipeChoices: Readonly<Record<"loss" | "optimizer" | "schedule", Choices>> = {
  loss: { cross_entropy: { smoothing: share }, mean_absolute_error: {} },
  optimizer: {
    sgd: { momentum: share, decay: any },
    adam: { beta1: share, beta2: share, epsilon: { ...any, isAbove: true }, decay: any },
  },
  schedule: { warmup: { epochs: { ...any, isAbove: true } }, cosine: {}, constant: {} },
};

/** Decay of a moving average: the share of it that stays in each step. */
export const averageRange: OptionRange = { least: 0, most: 1, isAbove: true, isBelow: true };

/** Share of the training before running statistics are frozen. */
export const freezeRange: OptionRange = { least: 0, most: 1, isAbove: true };

/** A recipe of more epochs than this is a slip of the pen. */
export const mostEpochs = 100_000;

/** More batches than this at once would not fit into memory. */
export const mostCalibration = 1_000;

/** `above 0 and below 1`. */
export function printRange({ least, most, isAbove, isBelow }: OptionRange): string {
  const low = isAbove ? `above ${least}` : `at least ${least}`;
  return `${low} and ${isBelow ? `below ${most}` : `at most ${most}`}`;
}

export function isInRange(found: number, { least, most, isAbove, isBelow }: OptionRange): boolean {
  const isHighEnough = isAbove ? found > least : found >= least;
  return isHighEnough && (isBelow ? found < most : found <= most);
}
