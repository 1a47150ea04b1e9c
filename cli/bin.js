#!/usr/bin/env node
import module from "node:module";

// Node 22.1 and later keep what they compiled for the next start.
module.enableCompileCache?.();

const bundle = new URL("../dist/cli.js", import.meta.url);

/** The program, or nothing where it has not been built. */
async function load() {
  try {
    return await import(bundle.href);
  } catch (error) {
    if (error.code === "ERR_MODULE_NOT_FOUND" && error.url === bundle.href) return undefined;
    throw error;
  }
}

const program = await load();
if (program === undefined) {
  console.error("repqc is not built yet: run `npm ci`, or `node build.mjs`, in its folder first");
  process.exitCode = 1;
} else await program.start();
