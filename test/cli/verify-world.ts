import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema, type ModelProto } from "onnx-buf";
import { expect } from "vitest";
import { main } from "../../cli/main.ts";
import { fakeTerminal } from "./fake-terminal.ts";
import { save } from "./run-files.ts";
import { netSpec, writeIdxFolder } from "./train-world.ts";

export const quant = ["--quant", "repq:quant/uniform#RepQ(4)"];

/** A folder with a finished run, and what calls repqc in it; text is what was printed by one call. */
export async function verifyWorld(training: readonly string[] = [], spec = "") {
  const terminal = fakeTerminal({ "net.repq": netSpec + spec });
  const at = (path: string) => join(terminal.folder, path);
  const call = async (...args: readonly string[]) => {
    const [printed, told] = [terminal.output().length, terminal.errors().length];
    const backend = args.includes("--backend") ? [] : ["--backend", "cpu"];
    const exitCode = await main([...args, ...backend], terminal);
    const text = terminal.output().slice(printed);
    return { exitCode, text, errors: terminal.errors().slice(told) };
  };
  writeIdxFolder(at("images"));
  const train = (out: string, ...args: readonly string[]) => {
    const usual = ["--entry", "Net", "--recipe", "Short", "--data", "images", "--epochs", "1"];
    return call("train", "net.repq", ...usual, ...args, "-o", out);
  };
  const { exitCode, errors } = await train("run", ...training);
  expect(exitCode, errors).toBe(0);
  /** A copy of a file with its model changed. */
  const edit = (from: string, to: string, change: (model: ModelProto) => void) => {
    const model = fromBinary(ModelProtoSchema, new Uint8Array(readFileSync(at(from))));
    change(model);
    writeFileSync(at(to), toBinary(ModelProtoSchema, create(ModelProtoSchema, model)));
  };
  const verify = (...args: readonly string[]) => call("verify", ...args);
  const inputs = (file: string) => {
    const data = Float32Array.from({ length: 4 * 36 }, (_, place) => ((place * 7) % 36) / 36);
    save(terminal, file, new Map([["input", { shape: [4, 6, 6, 1], data }]]));
  };
  return { at, call, train, edit, verify, inputs };
}
