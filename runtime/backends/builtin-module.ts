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
  readonly process?: { getBuiltinModule?(name: string): unknown };
};

/** Whether this is Node, or something that has all of its modules. */
export function isNode(): boolean {
  return (globalThis as Scope).process?.getBuiltinModule !== undefined;
}

/**
 * One of Node's own modules, as `require` has it: not frozen. It is asked for when it is needed and not imported, so that bundlers for browsers
 * have nothing to look for; outside Node nobody may come here.
 */
export function builtinModule<Name extends keyof BuiltinModules>(name: Name): BuiltinModules[Name] {
  const found = (globalThis as Scope).process?.getBuiltinModule?.(name);
  if (found === undefined) throw new Error(`repqc bug: ${name} was asked for outside Node`);
  return found as BuiltinModules[Name];
}
