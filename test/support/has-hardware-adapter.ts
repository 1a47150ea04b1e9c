import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isSoftware } from "../../runtime/backends/webgpu/find-adapter.ts";
import type { GpuAdapter } from "../../runtime/backends/webgpu/gpu.ts";

/** Prints the adapter; its properties are getters. */
const question = `
import { create } from "webgpu";
const adapter = await create([]).requestAdapter({ powerPreference: "high-performance" });
const { vendor = "", architecture = "", device = "", description = "", isFallbackAdapter } = adapter?.info ?? {};
const info = { vendor, architecture, device, description, isFallbackAdapter };
console.log(JSON.stringify(adapter && { info, isFallbackAdapter: adapter.isFallbackAdapter }));
// Dawn may wait for its driver for ever.
process.exit();`;

/** Whether Dawn finds a GPU; asked in a process of its own, because a driver that was looked for once stays in memory. */
export function hasHardwareAdapter(): boolean {
  const cwd = fileURLToPath(new URL("../../", import.meta.url));
  const args = ["--input-type=module", "--eval", question];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  const adapter = status === 0 ? (JSON.parse(lastLine(stdout)) as GpuAdapter | null) : null;
  return adapter !== null && !isSoftware(adapter);
}

/** Drivers may print before. */
function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
