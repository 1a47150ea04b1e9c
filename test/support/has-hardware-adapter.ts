import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** As in runtime/backends/webgpu: drivers that compute on the processor say so. */
const question = `
import { create } from "webgpu";
const adapter = await create([]).requestAdapter({ powerPreference: "high-performance" });
const { vendor = "", architecture = "", device = "", description = "" } = adapter?.info ?? {};
const isSoftware = /swiftshader|llvmpipe|lavapipe|software/i.test([vendor, architecture, device, description].join(" "));
process.exit(adapter !== null && !isSoftware ? 0 : 1);`;

/** Whether Dawn finds a GPU; asked in a process of its own, because a driver that was looked for once stays in memory. */
export function hasHardwareAdapter(): boolean {
  const cwd = fileURLToPath(new URL("../../", import.meta.url));
  const args = ["--input-type=module", "--eval", question];
  return spawnSync(process.execPath, args, { cwd, stdio: "ignore" }).status === 0;
}
