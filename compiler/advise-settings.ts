import type { Declaration, Quant, Setting, Span } from "../grammar/index.ts";
import { diagnostic, type Diagnostic } from "./diagnostics/index.ts";
import type { Policy, PolicySettings, RecipeSpec } from "./ir/index.ts";

/** What a policy says that is allowed, but cannot be meant: warnings where it says so. */
export function advisePolicy(
  { on, base, overrides }: Policy,
  declaration: Declaration | undefined,
): readonly Diagnostic[] {
  if (declaration?.kind !== "quant") return [];
  const parts = [base, ...overrides.map(({ settings }) => settings)];
  return writtenSettings(declaration).flatMap((settings, index) => {
    const said = parts[index] ?? {};
    const span = (name: string) => spanOf(settings, name);
    return [
      ...adviseWeights(said, span("weights")),
      ...(on === "after_merge" ? adviseStatistics(said, span("bn")) : []),
    ];
  });
}

/** What a recipe says that is allowed, but cannot be meant. */
export function adviseRecipe(
  { epochs, schedule }: RecipeSpec,
  declaration: Declaration | undefined,
): readonly Diagnostic[] {
  const warmup = schedule.find(({ name }) => name === "warmup")?.options["epochs"];
  if (declaration?.kind !== "recipe" || warmup === undefined || warmup <= epochs) return [];
  const span = spanOf(declaration.settings, "schedule");
  const share = `${Math.round((100 * epochs) / warmup)}%`;
  return [diagnostic("config/endless-warmup", span, { warmup, epochs, share })];
}

/** The policy's own settings, and those of every `at`. */
function writtenSettings({ settings, ats }: Quant): readonly (readonly Setting[])[] {
  return [settings, ...ats.map((at) => at.settings)];
}

function spanOf(settings: readonly Setting[], wanted: string): Span | undefined {
  return settings.find(({ name }) => name.text === wanted)?.value.span;
}

/** A kernel that cannot be negative is no kernel that was trained. */
function adviseWeights(
  { weights }: Partial<PolicySettings>,
  span: Span | undefined,
): readonly Diagnostic[] {
  if (weights === undefined || weights === "none" || weights.signed !== false || !span) return [];
  return [diagnostic("quant/unsigned-weights", span, {})];
}

/** Statistics of the batch are also what holds where nothing is said. */
function adviseStatistics(
  { bn }: Partial<PolicySettings>,
  span: Span | undefined,
): readonly Diagnostic[] {
  if (bn === undefined || bn.mode === "batch" || !span) return [];
  return [diagnostic("quant/idle-statistics", span, { mode: bn.mode })];
}
