import type { Call, Chain, Declaration, Expression, Recipe, Setting } from "../../grammar/index.ts";
import { enumerate, suggest, type Diagnostic } from "../diagnostics/index.ts";
import type { Scope } from "../handover.ts";
import type { Choice, RecipeSpec } from "../ir/index.ts";
import {
  averageRange,
  freezeRange,
  isInRange,
  mostCalibration,
  mostEpochs,
  printRange,
  recipeChoices,
  type OptionRange,
} from "../recipe-names.ts";
import { matchArguments } from "./arguments.ts";
import type { Environment } from "./context.ts";
import { evaluateBoolean, evaluateNumber } from "./evaluate.ts";
import type { Session } from "./session.ts";
import { elaborateSettings, readWord } from "./settings.ts";

/** The recipe that `call` names, with arguments. */
export function elaborateRecipe(
  scope: Scope,
  call: Call,
  mayGuess = false,
  session?: Session,
): { recipe?: RecipeSpec; diagnostics: readonly Diagnostic[] } {
  const kind = { isKind: isRecipe, unknown: "config/unknown-recipe", read: readRecipe } as const;
  const { settings, diagnostics } = elaborateSettings(kind, scope, call, mayGuess, session);
  return { ...(settings && { recipe: settings }), diagnostics };
}

function isRecipe(declaration: Declaration): declaration is Recipe {
  return declaration.kind === "recipe";
}

function readRecipe(environment: Environment, declaration: Recipe): RecipeSpec {
  const settings = new Map(declaration.settings.map((setting) => [setting.name.text, setting]));
  const reader = new SettingReader(environment, settings, declaration);
  const rate = reader.number("rate", undefined);
  const quantized = reader.number("quantized", rate);
  return {
    name: declaration.name.text,
    epochs: reader.count("epochs", mostEpochs),
    batch: reader.count("batch"),
    loss: reader.choice("loss", { name: "cross_entropy", options: {} }),
    optimizer: reader.choice("optimizer", { name: "sgd", options: { momentum: 0.9 } }),
    schedule: reader.schedule(),
    rate,
    quantized,
    steps: reader.number("steps", quantized),
    keep: reader.keep(),
    ...reader.options(),
  };
}

/** Reads settings one by one; each mistake is told where it stands. */
class SettingReader {
  private readonly environment: Environment;
  private readonly settings: ReadonlyMap<string, Setting>;
  private readonly recipe: Recipe;

  constructor(environment: Environment, settings: ReadonlyMap<string, Setting>, recipe: Recipe) {
    this.environment = environment;
    this.settings = settings;
    this.recipe = recipe;
  }

  /** A positive number, or one of a range; `fallback` where the recipe is silent. */
  number(name: string, fallback: number | undefined, range?: OptionRange): number {
    const value = this.settings.get(name)?.value;
    if (!value) return fallback ?? this.missing(name, "0.1");
    const number = evaluateNumber(this.environment, value, name);
    if (range ? isInRange(number, range) : number > 0) return number;
    return this.outOfRange(name, value, range ? printRange(range) : "above 0", number);
  }

  count(name: string, most = Infinity): number {
    const setting = this.settings.get(name);
    if (!setting) return this.missing(name, "100");
    const number = this.number(name, undefined);
    if (!Number.isInteger(number))
      return this.outOfRange(name, setting.value, "a whole number", number);
    return number <= most
      ? number
      : this.outOfRange(name, setting.value, `at most ${most}`, number);
  }

  choice(name: "loss" | "optimizer", fallback: Choice): Choice {
    const setting = this.settings.get(name);
    return setting ? readChoice(this.environment, setting.value, name) : fallback;
  }

  schedule(): readonly Choice[] {
    const value = this.settings.get("schedule")?.value;
    if (!value) return [{ name: "constant", options: {} }];
    const parts = value.kind === "chain" ? value.steps.map((step) => step.item) : [value];
    const found = parts.map((part) =>
      part.kind === "group"
        ? mismatch(this.environment, part, "schedule")
        : readChoice(this.environment, part, "schedule"),
    );
    const shapes = found.filter(({ name }) => name !== "warmup");
    const isInOrder = shapes.length === 1 && found.at(-1) === shapes[0] && found.length <= 2;
    if (!isInOrder) {
      this.environment.context.abandon("type/mismatch", value.span, {
        what: "schedule",
        expected: "one shape, with at most a warm-up in front: `warmup(epochs: 5) -> cosine`",
        found: found.map(({ name }) => name).join(" -> "),
      });
    }
    return found;
  }

  keep(): RecipeSpec["keep"] {
    const value = this.settings.get("keep")?.value;
    if (!value) return "last";
    return readWord(this.environment, value, "keep", ["best", "last"]);
  }

  /** What a recipe may be silent about. */
  options(): Pick<
    RecipeSpec,
    "calibrate" | "distill" | "clip" | "average" | "freeze" | "reestimate"
  > {
    const has = (name: string) => this.settings.has(name);
    return {
      ...(has("calibrate") && { calibrate: this.count("calibrate", mostCalibration) }),
      ...(has("distill") && { distill: this.flag("distill") }),
      ...(has("clip") && { clip: this.number("clip", undefined) }),
      ...(has("average") && { average: this.number("average", undefined, averageRange) }),
      ...(has("freeze") && { freeze: this.number("freeze", undefined, freezeRange) }),
      ...(has("reestimate") && { reestimate: this.flag("reestimate") }),
    };
  }

  private flag(name: string): boolean {
    const value = this.settings.get(name)?.value;
    return value !== undefined && evaluateBoolean(this.environment, value, name);
  }

  private missing(name: string, example: string): never {
    const parameters = { owner: this.recipe.name.text, name, example: `${name}: ${example}` };
    return this.environment.context.abandon(
      "type/missing-argument",
      this.recipe.name.span,
      parameters,
      { help: `add the setting \`${name}: ${example}\`` },
    );
  }

  private outOfRange(
    what: string,
    { span }: Expression | Chain,
    expected: string,
    found: number,
  ): never {
    return this.environment.context.abandon("type/out-of-range", span, { what, expected, found });
  }
}

function readChoice(
  environment: Environment,
  value: Expression | Chain,
  setting: keyof typeof recipeChoices,
): Choice {
  const { context } = environment;
  const choices = recipeChoices[setting];
  if (value.kind !== "call") return mismatch(environment, value, setting);
  const name = value.name.text;
  const known = choices[name];
  if (!known) {
    const names = Object.keys(choices);
    const parameters = {
      value: name,
      setting,
      suggestion: suggest(name, names),
      known: setting === "schedule" ? schedulesInWords(names) : enumerate(names, "or"),
    };
    return context.abandon("name/unknown-value", value.name.span, parameters);
  }
  const options: Record<string, number> = {};
  for (const [option, arg] of matchArguments(environment, value, Object.keys(known), name)) {
    const [found, range] = [evaluateNumber(environment, arg.value, option), known[option]];
    if (range && !isInRange(found, range)) {
      const parameters = { what: option, expected: printRange(range), found };
      context.abandon("type/out-of-range", arg.value.span, parameters);
    }
    options[option] = found;
  }
  if (name === "warmup" && options["epochs"] === undefined) {
    const parameters = { owner: name, name: "epochs", example: "epochs: 5" };
    context.abandon("type/missing-argument", value.span, parameters);
  }
  return { name, options };
}

/** A warm-up is none by itself. */
function schedulesInWords(names: readonly string[]): string {
  const shapes = names.filter((name) => name !== "warmup");
  return `${enumerate(shapes, "or")}, alone or as in \`warmup(epochs: 5) -> cosine\``;
}

function mismatch(
  environment: Environment,
  value: { readonly span: Expression["span"]; readonly kind: string },
  setting: keyof typeof recipeChoices,
): never {
  const [example = ""] = Object.keys(recipeChoices[setting]);
  const parameters = {
    what: setting,
    expected: `such as \`${example}\``,
    found: value.kind === "group" ? "a sum" : "something else",
  };
  return environment.context.abandon("type/mismatch", value.span, parameters);
}
