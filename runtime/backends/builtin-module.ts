import type * as Files from "node:fs";
import type * as Modules from "node:module";
import type * as OperatingSystem from "node:os";
import type * as Paths from "node:path";
import type * as Addresses from "node:url";
import type * as WorkerThreads from "node:worker_threads";

type BuiltinModules = {
  readonly "node:fs": typeof Files;
  readonly "node:module": typeof Modules;
  readonly "node:os": typeof OperatingSystem;
  readonly "node:path": typeof Paths;
  readonly "node:url": typeof Addresses;
  readonly "node:util": Record<string, unknown>;
  readonly "node:worker_threads": typeof WorkerThreads;
};

type Scope = {
  readonly process?: {
    readonly versions?: { readonly node?: string };
    getBuiltinModule?(name: string): unknown;
  };
};

/** Whether this is Node, or something that calls itself so. */
export function isNode(): boolean {
  return nodeVersion() !== undefined;
}

function nodeVersion(): string | undefined {
  return (globalThis as Scope).process?.versions?.node;
}

/** Node, of a version whose own modules cannot be asked for: 21, and 22 before 22.3. */
export class NodeTooOld extends Error {
  override readonly name = "NodeTooOld";
  /** A clause. */
  readonly reason: string;
  /** What to do, a sentence. */
  readonly remedy = "Use Node 20 (20.19 or later) or 22.3 or later.";

  constructor(version: string) {
    const reason = `this is Node ${version}, which lacks \`process.getBuiltinModule\``;
    super(`repqc cannot compute here: ${reason}.`);
    this.reason = reason;
  }
}

/**
 * One of Node's own modules, as `require` has it: not frozen. It is asked for when it is needed and not imported, so that bundlers for browsers
 * have nothing to look for; outside Node nobody may come here.
 * @throws NodeTooOld
 */
export function builtinModule<Name extends keyof BuiltinModules>(name: Name): BuiltinModules[Name] {
  const { process } = globalThis as Scope;
  const version = nodeVersion();
  if (version !== undefined && process?.getBuiltinModule === undefined)
    throw new NodeTooOld(version);
  const found = process?.getBuiltinModule?.(name);
  if (found === undefined) throw new Error(`repqc bug: ${name} was asked for outside Node`);
  return found as BuiltinModules[Name];
}
