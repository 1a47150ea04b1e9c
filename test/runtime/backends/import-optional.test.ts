import { describe, expect, it } from "vitest";
import { BackendUnavailable } from "../../../runtime/backends/backend-unavailable.ts";
import { explainImportError, importOptional } from "../../../runtime/backends/import-optional.ts";

const wanted = { backend: "webgpu", specifier: "no-such-package-at-all", remedies: ["Do this."] };

describe("importOptional", () => {
  it("imports what is there", async () => {
    const path = { ...wanted, specifier: "node:path" };
    expect(await importOptional(path)).toHaveProperty("join");
  });

  it("turns a missing package into BackendUnavailable", async () => {
    const error = await importOptional(wanted).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(BackendUnavailable);
    expect(String(error)).toContain("the package no-such-package-at-all is not installed");
    expect((error as BackendUnavailable).remedies).toEqual(["Do this."]);
  });
});

function missing(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

describe("explainImportError", () => {
  it("knows Node's two codes for a missing package", () => {
    const required = missing(
      "MODULE_NOT_FOUND",
      "Cannot find module 'some-engine'\nRequire stack:",
    );
    const imported = missing("ERR_MODULE_NOT_FOUND", "Cannot find package 'some-engine' imported");
    for (const error of [required, imported]) {
      expect(explainImportError(error, "some-engine")).toBe(
        "the package some-engine is not installed",
      );
    }
  });

  it("tells a missing addon, which is a plain Error, from a missing package", () => {
    const addon = new Error("The Node.js native addon module can not be found at: lib.node.\nMore");
    expect(explainImportError(addon, "some-engine")).toBe(
      "the package some-engine is installed but does not load (The Node.js native addon module can not be found at: lib.node)",
    );
  });

  it("tells a missing dependency of the package from the package", () => {
    const error = missing("MODULE_NOT_FOUND", "Cannot find module 'its-own-dependency'");
    expect(explainImportError(error, "some-engine")).toContain("is installed but does not load");
  });
});
