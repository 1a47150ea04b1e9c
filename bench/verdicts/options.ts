import { parseArgs } from "node:util";
import { WrongOption } from "../results/options.ts";
import { models, type ModelName } from "./cell.ts";

/** What `npm run verdicts -- ...` may say. */
export interface VerdictsOptions {
  readonly only: readonly ModelName[];
  /** Writes the page from what is there and runs nothing. */
  readonly isRenderOnly: boolean;
  /** Where finished cells are kept. */
  readonly folder: string;
  readonly page: string;
}

/** @throws WrongOption */
export function readOptions(args: readonly string[]): VerdictsOptions {
  const { only, folder, page, ...rest } = parse(args);
  return {
    only: only.flatMap((names) => names.split(",")).map(modelOf),
    isRenderOnly: rest["render-only"],
    folder,
    page,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: "string", multiple: true, default: [...models] },
        "render-only": { type: "boolean", default: false },
        folder: { type: "string", default: "out/verdicts" },
        page: { type: "string", default: "docs/verdicts.md" },
      },
    }).values;
  } catch (error) {
    throw new WrongOption(error instanceof Error ? error.message : String(error));
  }
}

function modelOf(name: string): ModelName {
  const model = models.find((one) => one.toLowerCase() === name.trim().toLowerCase());
  if (model) return model;
  throw new WrongOption(`there is no model ${name}; there are ${models.join(", ")}`);
}
