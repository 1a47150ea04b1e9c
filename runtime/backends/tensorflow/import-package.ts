import { BackendUnavailable } from "../backend-unavailable.ts";
import { builtinModule } from "../builtin-module.ts";
import { importOptional } from "../import-optional.ts";
import { findBuiltPackages } from "./find-built.ts";

export const remedies = [
  "Build it with: npm run setup:tensorflow (with a CUDA card: npm run setup:tensorflow -- --gpu); it needs pip and a C++ compiler.",
  "Where repqc is an installed package: npm explore repqc -- npm run setup:tensorflow.",
  "Or install it: npm install @tensorflow/tfjs-node-gpu (CUDA 11.2) or npm install @tensorflow/tfjs-node, with access to storage.googleapis.com.",
];

type Candidate = {
  readonly specifier: string;
  /** For people. */
  readonly name: string;
};

/**
 * Imports the first tfjs-node that loads, which registers its engine with TensorFlow.js, and returns its name. What the setup built comes before
 * what npm installed: nobody builds it without wanting it, and npm's was made for a CUDA that new cards do not know.
 */
export async function importPackage(): Promise<string> {
  restoreIsNullOrUndefined();
  return importFirst(candidates());
}

/** @throws BackendUnavailable with the reason of the most promising one */
export async function importFirst(packages: readonly Candidate[]): Promise<string> {
  const failures: BackendUnavailable[] = [];
  for (const { specifier, name } of packages) {
    try {
      await importOptional({ backend: "tensorflow", specifier, remedies });
      return name;
    } catch (error) {
      if (!(error instanceof BackendUnavailable)) throw error;
      failures.push(error);
    }
  }
  // A package that is there but broken says more than one that is not there.
  throw failures.find((failure) => /does not load/.test(failure.message)) ?? failures[0]!;
}

function candidates(): readonly Candidate[] {
  const installed = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];
  const { pathToFileURL } = builtinModule("node:url");
  return [
    ...findBuiltPackages().map(({ name, file }) => ({
      specifier: pathToFileURL(file).href,
      name: `${name}, built here`,
    })),
    ...installed.map((name) => ({ specifier: name, name })),
  ];
}

/** Node 23 removed `util.isNullOrUndefined`, which tfjs-node 4.22 still calls. */
function restoreIsNullOrUndefined(): void {
  const util = builtinModule("node:util");
  util["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
}
