/** What an engine makes of numbers halfway between two levels; `either`: one cannot know. */
export type Halves = "either" | "even" | "up" | "down" | "away from zero" | "towards zero";

/** The rules that an engine may have. */
export const halvesRules = ["even", "up", "down", "away from zero", "towards zero"] as const;

/** The lowest and the highest level that a number halfway between two may become. */
export function roundHalf(value: number, halves: Halves): readonly [low: number, high: number] {
  const [below, above] = [Math.floor(value), Math.ceil(value)];
  switch (halves) {
    case "either":
      return [below, above];
    case "even":
      return below % 2 === 0 ? [below, below] : [above, above];
    case "up":
      return [above, above];
    case "down":
      return [below, below];
    case "away from zero":
      return value > 0 ? [above, above] : [below, below];
    case "towards zero":
      return value > 0 ? [below, below] : [above, above];
  }
}
