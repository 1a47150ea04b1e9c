import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { catalog } from "../../compiler/diagnostics/index.ts";
import type { CatalogEntry } from "../../compiler/diagnostics/index.ts";

const generator = fileURLToPath(
  new URL("../../compiler/diagnostics/generate.mjs", import.meta.url),
);
const entries = Object.entries<CatalogEntry>(catalog);

it("the catalogue is what specs/diagnostics says now", () => {
  expect(() => execFileSync(process.execPath, [generator, "--check"])).not.toThrow();
});

describe.each(entries)("%s", (_, { message, label, help, why }) => {
  it("is one sentence in lower case, as are its label and help", () => {
    for (const text of [message, ...label, ...help]) {
      expect(text).toMatch(/^[^A-Z]/);
      expect(text).not.toMatch(/\.$/);
    }
  });

  it("says why in whole sentences", () => {
    expect(why).toMatch(/^[A-Z`].*\.$/su);
  });
});
