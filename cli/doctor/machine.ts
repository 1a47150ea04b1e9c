import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import { packageVersion } from "../package-root.ts";

/** Where the program runs. */
export interface Machine {
  readonly repqc: string;
  readonly node: string;
  /** Whether Node is one that repqc supports. */
  readonly isNodeSupported: boolean;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly freeBytes: number;
}

/** Whether repqc works on a version of Node; package.json says the same. */
export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  // `process.getBuiltinModule` came with 22.3, and to 20 with 20.16: 21 has none.
  if (major === 20) return minor >= 19;
  return major > 22 || (major === 22 && minor >= 3);
}

export function describeMachine(): Machine {
  return {
    repqc: packageVersion(),
    node: process.versions.node,
    isNodeSupported: isSupported(process.versions.node),
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeBytes: freemem(),
  };
}

/** A package that some commands need besides an engine. */
export interface Companion {
  readonly name: string;
  /** What it is for. */
  readonly purpose: string;
  /** Absent where it does not load. */
  readonly version?: string;
  /** Why it does not load. */
  readonly problem?: string;
  readonly remedy: string;
}

const companions = [
  {
    name: "onnxruntime-node",
    purpose: "running exported ONNX files (demo, verify)",
    remedy: "npm install onnxruntime-node",
  },
  { name: "sharp", purpose: "reading image files (train)", remedy: "npm install sharp" },
] as const;

/** Loads each, because a native part may be missing from a package that is there. */
export async function findCompanions(): Promise<readonly Companion[]> {
  return Promise.all(
    companions.map(async (one) => {
      try {
        await import(one.name);
        return { ...one, version: versionOf(one.name) };
      } catch (error) {
        const [problem = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
        return { ...one, problem };
      }
    }),
  );
}

/** From its package.json, looked for upwards from its main file: some packages export nothing else. */
function versionOf(name: string): string {
  let folder = dirname(createRequire(import.meta.url).resolve(name));
  while (!isPackage(folder, name)) folder = dirname(folder);
  return readManifest(folder).version;
}

function isPackage(folder: string, name: string): boolean {
  try {
    return readManifest(folder).name === name;
  } catch {
    if (folder === dirname(folder)) throw new Error(`repqc bug: ${name} is in no package`);
    return false;
  }
}

function readManifest(folder: string): { readonly name: string; readonly version: string } {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
