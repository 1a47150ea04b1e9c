import { Option, type Command } from "commander";
import { diagnostic } from "../compiler/diagnostics/index.ts";
import type { TrainForm } from "../compiler/compile.ts";
import { UserMistake } from "./user-mistake.ts";

/** What to compile, as every command that compiles takes it. */
export interface EntryOptions {
  readonly entry?: string;
  readonly quant?: string;
  readonly inputShape?: string;
  readonly form?: TrainForm;
  readonly root?: readonly string[];
}

export function addEntryOptions(command: Command): Command {
  return command
    .addOption(entryOption())
    .addOption(quantOption())
    .addOption(inputShapeOption())
    .addOption(
      new Option("--form <form>", "how blocks train in floating point").choices([
        "branches",
        "folded",
        "merged",
      ]),
    )
    .addOption(rootOption());
}

export function entryOption(): Option {
  return new Option("--entry <name>", 'model or block, such as "RepVGG(16, stride: 2)"');
}

export function quantOption(): Option {
  const text =
    'quantize by this policy of the file, such as RepQ or "RepQ(8)", or of another: "repq:quant/repvgg#RepQ(4)"';
  return new Option("--quant <policy>", text);
}

export function inputShapeOption(): Option {
  const text = "height, width and channels of the input; a block needs it";
  return new Option("--input-shape <h,w,c>", text);
}

/** `--root`, as every command that reads specs takes it. */
export function rootOption(): Option {
  return new Option(
    "--root <folder>",
    "let imports reach this folder too; may be repeated",
  ).argParser((folder: string, before: readonly string[] = []) => [...before, folder]);
}

/** `32,32,16` or `32x32x16`. @throws UserMistake */
export function parseShape(text: string): readonly number[] {
  const sizes = text.split(/[,x]/).map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : 0));
  if (sizes.length === 3 && sizes.every((size) => size > 0)) return sizes;
  const known = "height,width,channels: three whole numbers, such as 32,32,16";
  throw new UserMistake(
    diagnostic("config/unknown-option-value", undefined, {
      value: text,
      option: "--input-shape",
      known,
    }),
  );
}
