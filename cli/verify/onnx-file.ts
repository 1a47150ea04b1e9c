import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { exportOnnx, withoutQuantizers } from "../../runtime/export/index.ts";
import { sha256 } from "../../runtime/sha256.ts";
import {
  compareOnnxFiles,
  onnxModelOf,
  type Deployment,
  type OnnxModel,
} from "../../runtime/verify/index.ts";
import { filesIn } from "../files.ts";
import { runFiles } from "../train/run-record.ts";
import { UserMistake } from "../user-mistake.ts";
import type { VerifiedFile } from "./verified.ts";
import type { Deployments, NamedModel } from "./what-to-verify.ts";

/** A file that `repqc export --to onnx` wrote. */
export interface OnnxFile {
  /** As the user wrote it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly model: OnnxModel;
  readonly entry: string;
  readonly source: string;
  /** Absent where it is in floating point. */
  readonly policy?: string;
}

/** @throws UserMistake where there is no such file, or repqc has not written it */
export async function readOnnxFile(folder: string, name: string): Promise<OnnxFile> {
  const bytes = filesIn(folder).readBytes(name);
  const model = onnxModelOf(bytes);
  if (!model) throw foreign(name, "it is no ONNX model, or it is cut off");
  const { metadata } = model;
  const [entry, source, policy] = ["entry", "source", "policy"].map((key) =>
    metadata.get(`repqc.${key}`),
  );
  if (entry === undefined || source === undefined) {
    throw foreign(name, "it was not written by `repqc export`, whose metadata it lacks");
  }
  const form = policy === undefined || policy === "none" ? {} : { policy };
  return { name, bytes, sha256: await sha256(bytes), model, entry, source, ...form };
}

/** The run that a file was exported from: in its folder, or the one above; nothing where there is none. */
export function runBeside(folder: string, file: string): string | undefined {
  const own = dirname(file);
  const places = [own, join(own, "..")];
  return places.find((place) => existsSync(join(resolve(folder, place), runFiles.record)));
}

/** @throws UserMistake where a file was exported from something else */
export function requireModelOf(file: OnnxFile, { program, run }: NamedModel): void {
  const isSame = file.entry === program.entry;
  const isForm = file.policy === undefined || file.policy === program.policy;
  if (isSame && isForm) return;
  const place = run ? `the run in \`${run.folder}\`` : "the spec";
  const own = formText({ entry: file.entry, policy: file.policy });
  const problem = `it is ${own}, and ${place} is ${formText(program)}`;
  throw foreign(file.name, problem, "name the run that it was exported from with `--run`");
}

function formText({ entry, policy }: { entry: string; policy?: string | undefined }): string {
  return policy === undefined
    ? `\`${entry}\` in floating point`
    : `\`${entry}\` quantized by ${policy}`;
}

/** The deployments with a file in place of a fresh export, and what is changed in that. */
export function withFile(
  file: OnnxFile,
  { program }: NamedModel,
  deployments: Deployments,
): { readonly deployments: Deployments; readonly file: VerifiedFile } {
  const { deployment, floating } = deployments;
  const isFloat = file.policy === undefined && program.policy !== undefined;
  const written = isFloat ? withoutQuantizers(program) : program;
  const own = isFloat ? (floating ?? withoutBranches(deployment, written)) : deployment;
  const fresh = onnxModelOf(exportOnnx(written, deployment.deployed, { generator: "repqc" }).bytes);
  if (!fresh) throw new Error("repqc bug: the exporter writes no ONNX model");
  const changes = compareOnnxFiles(file.model, fresh);
  const { name, sha256: sum } = file;
  const all = { deployment: { ...own, onnx: file.bytes } };
  return {
    deployments: isFloat ? all : { ...deployments, ...all },
    file: { name, sha256: sum, changes },
  };
}

/** The merged graph is what is left to compare with. */
function withoutBranches({ deployed }: Deployment, program: Program): Deployment {
  return { program, deployed };
}

export function foreign(file: string, problem: string, hint?: string): UserMistake {
  const parameters = { file, problem, ...(hint !== undefined && { hint }) };
  return new UserMistake(diagnostic("artefact/foreign-model", undefined, parameters));
}
