import { parseArgs } from "node:util";
import { nets, type Net } from "./cell.ts";

/** What `npm run results -- ...` may say. */
export interface ResultsOptions {
  readonly seeds: number;
  readonly only: readonly Net[];
  /** After so long the command stops as if it were told to. */
  readonly minutes?: number;
  /** Writes the page from what is there and runs nothing. */
  readonly isRenderOnly: boolean;
  /** Where finished cells are kept. */
  readonly folder: string;
  readonly page: string;
  readonly threads: number;
}

/** A wrong option, in words for its author. */
export class WrongOption extends Error {}

/** @throws WrongOption */
export function readOptions(args: readonly string[]): ResultsOptions {
  const values = parse(args);
  const { minutes } = values;
  return {
    seeds: count("--seeds", values.seeds, 99),
    only: values.only.flatMap((names) => names.split(",")).map(netOf),
    ...(minutes !== undefined && { minutes: positive("--minutes", minutes) }),
    isRenderOnly: values["render-only"],
    folder: values.folder,
    page: values.page,
    threads: count("--threads", values.threads, 64),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seeds: { type: "string", default: "3" },
        only: { type: "string", multiple: true, default: [...nets] },
        minutes: { type: "string" },
        "render-only": { type: "boolean", default: false },
        folder: { type: "string", default: "out/results" },
        page: { type: "string", default: "docs/results.md" },
        threads: { type: "string", default: "2" },
      },
    }).values;
  } catch (error) {
    throw new WrongOption(error instanceof Error ? error.message : String(error));
  }
}

function netOf(name: string): Net {
  const net = nets.find((one) => one.toLowerCase() === name.trim().toLowerCase());
  if (net) return net;
  throw new WrongOption(`there is no net ${name}; there are ${nets.join(", ")}`);
}

function count(option: string, text: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new WrongOption(`${option} takes a whole number from 1 to ${most}, not ${text}`);
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (number > 0 && number < Infinity) return number;
  throw new WrongOption(`${option} takes a number above 0, not ${text}`);
}
