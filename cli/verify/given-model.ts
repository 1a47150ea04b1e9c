import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { concatenateBytes } from "../../runtime/concatenate-bytes.ts";
import { withoutQuantizers } from "../../runtime/without-quantizers.ts";
import { sha256 } from "../../runtime/sha256.ts";
import {
  compareContents,
  type Deployment,
  type ModelContents,
} from "../../runtime/verify/index.ts";
import { mergedOnKey } from "../export/metadata.ts";
import { runFiles } from "../train/run-record.ts";
import { UserMistake } from "../user-mistake.ts";
import { exporterOf, givenForms, type GivenForm, type ModelFiles } from "./given-forms.ts";
import type { VerifiedFile } from "./verified.ts";
import type { Deployments, NamedModel } from "./what-to-verify.ts";

/** A model that `repqc export` wrote. */
export interface GivenModel {
  readonly form: GivenForm;
  /** As the user wrote it. */
  readonly name: string;
  readonly files: ModelFiles;
  /** Of its files one behind another. */
  readonly sha256: string;
  readonly contents: ModelContents;
  readonly entry: string;
  readonly source: string;
  /** Absent where it is in floating point. */
  readonly policy?: string;
  /** The backend, where `repqc export` merged it. */
  readonly mergedOn?: string;
}

/** The format of what a command line names, where that is an exported model. */
export function formOf(folder: string, named: string): GivenForm | undefined {
  return givenForms.find(({ placeOf }) => placeOf(folder, named) !== undefined);
}

/** @throws UserMistake where there is no such model, or repqc has not written it */
export async function readGivenModel(
  form: GivenForm,
  folder: string,
  name: string,
): Promise<GivenModel> {
  const files = form.read(folder, form.placeOf(folder, name) ?? name);
  const contents = form.contentsOf(files);
  if (!contents) throw foreign(name, `it is ${form.isNot}, or it is cut off`);
  const { metadata } = contents;
  const [entry, source, policy] = ["entry", "source", "policy"].map((key) =>
    metadata.get(`repqc.${key}`),
  );
  if (entry === undefined || source === undefined) {
    throw foreign(name, "it was not written by `repqc export`, whose metadata it lacks");
  }
  const sum = await sha256(concatenateBytes([...files.values()]));
  const mergedOn = metadata.get(mergedOnKey);
  const merged = mergedOn === undefined ? {} : { mergedOn };
  const quantized = policy === undefined || policy === "none" ? {} : { policy };
  return { form, name, files, sha256: sum, contents, entry, source, ...quantized, ...merged };
}

/** The run that a model was exported from: in its folder, or the one above; nothing where there is none. */
export function runBeside(
  folder: string,
  { form, name }: Pick<GivenModel, "form" | "name">,
): string | undefined {
  const own = dirname(form.placeOf(folder, name) ?? name);
  const places = [own, join(own, "..")];
  return places.find((place) => existsSync(join(resolve(folder, place), runFiles.record)));
}

/** @throws UserMistake where a model was exported from something else */
export function requireModelOf(given: GivenModel, { program, run }: NamedModel): void {
  const isSame = given.entry === program.entry;
  const isForm = given.policy === undefined || given.policy === program.policy;
  if (isSame && isForm) return;
  const place = run ? `the run in \`${run.folder}\`` : "the spec";
  const own = formText({ entry: given.entry, policy: given.policy });
  const problem = `it is ${own}, and ${place} is ${formText(program)}`;
  throw foreign(given.name, problem, "name the run that it was exported from with `--run`");
}

function formText({ entry, policy }: { entry: string; policy?: string | undefined }): string {
  return policy === undefined
    ? `\`${entry}\` in floating point`
    : `\`${entry}\` quantized by ${policy}`;
}

/** Whether a model is in floating point, whatever was trained. */
export function isFloat(given: GivenModel | undefined): boolean {
  return given !== undefined && given.policy === undefined;
}

/** The deployments with a model in place of a fresh export, and what is changed in that. */
export function withGiven(
  given: GivenModel,
  { program }: NamedModel,
  deployments: Deployments,
): { readonly deployments: Deployments; readonly file: VerifiedFile } {
  const { form, name, files } = given;
  const { deployment, floating } = deployments;
  const isFloating = isFloat(given) && program.policy !== undefined;
  const written = isFloating ? withoutQuantizers(program) : program;
  const own = isFloating ? (floating ?? withoutBranches(deployment, written)) : deployment;
  const fresh = exporterOf(form).write(written, deployment.deployed, { generator: "repqc" });
  const contents = form.contentsOf(fresh.files);
  if (!contents) throw new Error(`repqc bug: the exporter writes ${form.isNot}`);
  const changes = compareContents(given.contents, contents);
  const all = { deployment: form.give(own, files) };
  return {
    deployments: isFloating ? all : { ...deployments, ...all },
    file: { name, engine: form.engine, sha256: given.sha256, changes },
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
