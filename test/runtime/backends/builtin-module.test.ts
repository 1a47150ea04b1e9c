/** Node 21, and 22 before 22.3, have no `process.getBuiltinModule`: they are Node all the same. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isSupported } from "../../../cli/doctor/machine.ts";
import { builtinModule, isNode, NodeTooOld } from "../../../runtime/backends/builtin-module.ts";
import { BackendUnavailable, openBackend } from "../../../runtime/backends/index.ts";

describe("a Node without getBuiltinModule", () => {
  const own = Object.getOwnPropertyDescriptor(process, "getBuiltinModule")!;
  beforeEach(
    () =>
      void Object.defineProperty(process, "getBuiltinModule", {
        value: undefined,
        configurable: true,
      }),
  );
  afterEach(() => void Object.defineProperty(process, "getBuiltinModule", own));

  it("is Node, and not a page", () => {
    expect(isNode()).toBe(true);
    expect(() => builtinModule("node:os")).toThrow(NodeTooOld);
  });

  it.each(["wasm", "tensorflow"] as const)(
    "has no %s, and is told which Node has",
    async (name) => {
      const error: unknown = await openBackend(name).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(BackendUnavailable);
      expect((error as BackendUnavailable).reason).toContain(
        `this is Node ${process.versions.node}, which lacks`,
      );
      expect((error as BackendUnavailable).remedies[0]).toContain(
        "20.19 or later) or 22.3 or later",
      );
    },
  );
});

describe("the versions of Node that doctor supports", () => {
  it.each([
    ["18.20.0", false],
    ["20.18.3", false],
    ["20.19.0", true],
    ["21.7.3", false],
    ["22.2.0", false],
    ["22.3.0", true],
    ["24.0.0", true],
  ])("%s: %s", (version, expected) => expect(isSupported(version)).toBe(expected));
});
