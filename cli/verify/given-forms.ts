import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Exporter } from "../../runtime/export/index.ts";
import { exporters, modelFile } from "../../runtime/export/index.ts";
import {
  onnxContents,
  tfjsContents,
  tfjsWeightFiles,
  type Deployment,
  type ModelContents,
} from "../../runtime/verify/index.ts";
import { filesIn } from "../files.ts";
import { runFiles } from "../train/run-record.ts";

export type ModelFiles = ReadonlyMap<string, Uint8Array>;

/** A format in which a model can be handed to `repqc verify`. */
export interface GivenForm {
  /** Also the option that names a model of it beside a run or a spec. */
  readonly name: "onnx" | "tfjs";
  /** Who executes it. */
  readonly engine: string;
  /** What it is, where something else was given: `no ONNX model`. */
  readonly isNot: string;
  /** The name under which a person's own, for a file or a folder of this format, is read; nothing where it is of another. */
  readonly placeOf: (folder: string, named: string) => string | undefined;
  /** All of its files that are there. @throws UserMistake */
  readonly read: (folder: string, place: string) => ModelFiles;
  readonly contentsOf: (files: ModelFiles) => ModelContents | undefined;
  /** A deployment whose engine executes it. */
  readonly give: (deployment: Deployment, files: ModelFiles) => Deployment;
}

const onnx: GivenForm = {
  name: "onnx",
  engine: "onnxruntime",
  isNot: "no ONNX model",
  placeOf: (_, named) => (named.endsWith(".onnx") ? named : undefined),
  read: (folder, place) => new Map([["model.onnx", filesIn(folder).readBytes(place)]]),
  contentsOf: (files) => onnxContents(fileOf(files)),
  give: (deployment, files) => ({ ...deployment, onnx: fileOf(files) }),
};

const tfjs: GivenForm = {
  name: "tfjs",
  engine: "TensorFlow.js",
  isNot: "no GraphModel of TensorFlow.js",
  placeOf: (folder, named) => {
    if (basename(named) === modelFile) return dirname(named);
    const has = (file: string) => existsSync(join(resolve(folder, named), file));
    return has(modelFile) && !has(runFiles.record) ? named : undefined;
  },
  read: (folder, place) => {
    const { readBytes } = filesIn(folder);
    const json = readBytes(join(place, modelFile));
    const paths = tfjsWeightFiles(json) ?? [];
    const weights = paths.map((path) => [path, readBytes(join(place, path))] as const);
    return new Map([[modelFile, json], ...weights]);
  },
  contentsOf: tfjsContents,
  give: (deployment, files) => ({ ...deployment, tfjs: files }),
};

export const givenForms: readonly GivenForm[] = [onnx, tfjs];

/** What writes a format. */
export function exporterOf({ name }: GivenForm): Exporter {
  const exporter = exporters.find((one) => one.name === name);
  if (!exporter) throw new Error(`repqc bug: no exporter is called ${name}`);
  return exporter;
}

function fileOf(files: ModelFiles): Uint8Array {
  const [bytes] = files.values();
  if (!bytes) throw new Error("repqc bug: a model of one file without it");
  return bytes;
}
