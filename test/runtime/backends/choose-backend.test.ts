import { describe, expect, it } from "vitest";
import { BackendUnavailable } from "../../../runtime/backends/backend-unavailable.ts";
import type { Backend, BackendName } from "../../../runtime/backends/backend.ts";
import { chooseBackend } from "../../../runtime/backends/choose-backend.ts";

type Devices = Partial<Record<BackendName, Backend["device"]>>;

/** What is chosen where these engines are there, some of which can be looked at, and in which order they were opened. */
async function choose(there: Devices, seen: readonly BackendName[] = []) {
  const opened: BackendName[] = [];
  const look = async (name: BackendName) => {
    if (!seen.includes(name)) return undefined;
    if (there[name] === undefined) throw new BackendUnavailable(name, "it is not there", []);
    return there[name];
  };
  const open = async (name: BackendName): Promise<Backend> => {
    opened.push(name);
    const device = there[name];
    if (device === undefined) throw new BackendUnavailable(name, `${name} is not installed`, []);
    return { name, device, threads: 1, tolerance: 1, describe: () => name };
  };
  const { name, choice } = await chooseBackend(open, look);
  return { name, choice, opened };
}

describe("auto", () => {
  it.each([
    [{ tensorflow: "gpu", webgpu: "gpu", wasm: "cpu" }, "tensorflow", ["tensorflow"]],
    [{ tensorflow: "cpu", webgpu: "gpu", wasm: "cpu" }, "webgpu", ["tensorflow", "webgpu"]],
    // Opened again, so that it is the current one.
    [{ tensorflow: "cpu", webgpu: "software gpu", wasm: "cpu" }, "tensorflow", ["tensorflow", "webgpu", "tensorflow"]],
    [{ tensorflow: "cpu", wasm: "cpu" }, "tensorflow", ["tensorflow", "webgpu", "tensorflow"]],
    [{ webgpu: "gpu", wasm: "cpu" }, "webgpu", ["tensorflow", "webgpu"]],
    [{ webgpu: "software gpu", wasm: "cpu" }, "wasm", ["tensorflow", "webgpu", "wasm"]],
    [{ wasm: "cpu" }, "wasm", ["tensorflow", "webgpu", "wasm"]],
  ] as const)("of %j takes %s", async (there, name, opened) => {
    expect(await choose(there)).toMatchObject({ name, opened });
  }); // prettier-ignore

  it.each([
    [{ tensorflow: "cpu", webgpu: "gpu", wasm: "cpu" }, "webgpu", ["tensorflow", "webgpu"]],
    [{ tensorflow: "cpu", webgpu: "software gpu", wasm: "cpu" }, "tensorflow", ["tensorflow"]],
    [{ webgpu: "software gpu", wasm: "cpu" }, "wasm", ["tensorflow", "wasm"]],
    [{ wasm: "cpu" }, "wasm", ["tensorflow", "wasm"]],
  ] as const)("of %j, where it may look, takes %s", async (there, name, opened) => {
    expect(await choose(there, ["webgpu"])).toMatchObject({ name, opened });
  }); // prettier-ignore

  it("says the same where it may look", async () => {
    const there = { webgpu: "software gpu", wasm: "cpu" } as const;
    expect((await choose(there, ["webgpu"])).choice).toBe((await choose(there)).choice);
  });

  it("says why, in one line", async () => {
    const { choice } = await choose({ webgpu: "software gpu", wasm: "cpu" });
    expect(choice).toBe(
      "chosen by auto: no tensorflow, tensorflow is not installed; no webgpu, runs on a GPU in software here",
    );
    expect((await choose({ tensorflow: "gpu" })).choice).toBe(
      "chosen by auto: it computes on a GPU",
    );
  });

  it("does not hide our own mistakes, and fails where nothing is there", async () => {
    const broken = () => Promise.reject(new TypeError("a mistake"));
    await expect(chooseBackend(broken)).rejects.toThrow("a mistake");
    await expect(choose({})).rejects.toThrow("wasm is not installed");
  });
});
