import { existsSync, readdirSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { hasHardwareAdapter } from "./has-hardware-adapter.ts";

/** Where Chromium keeps SwiftShader, a Vulkan driver that computes on the processor, and beside it a Vulkan loader. */
const chromiumFolders = ["/usr/lib/chromium", "/usr/lib/chromium-browser", "/opt/google/chrome"];

/** dlopen's flag that keeps a library in memory though Node finds no addon in it. */
const keepLoaded = 0x1000;

/**
 * Makes Vulkan available to the package `webgpu` on a Linux machine without a GPU. To be called before the webgpu backend is opened; where
 * there is a GPU with a driver, or VK_ICD_FILENAMES or VK_DRIVER_FILES names one, that one stays.
 * @returns what is missing, if anything; where this is undefined there may be an adapter
 */
export function provideSoftwareVulkan(): string | undefined {
  if (process.platform !== "linux") return undefined;
  const isChosen = ["VK_ICD_FILENAMES", "VK_DRIVER_FILES"].some((name) => process.env[name]);
  if (!isChosen && hasCard() && hasHardwareAdapter()) return undefined;
  const named = process.env["CHROMIUM_PATH"];
  const folders = [...chromiumFolders, ...(named === undefined ? [] : [dirname(named)])];
  const folder = folders.find((one) => existsSync(join(one, "vk_swiftshader_icd.json")));
  if (folder !== undefined) {
    if (!isChosen) process.env["VK_ICD_FILENAMES"] = join(folder, "vk_swiftshader_icd.json");
    loadLoader(join(folder, "libvulkan.so.1"));
    return undefined;
  }
  if (isChosen) return undefined;
  return "no software Vulkan driver was found; install chromium, which has one, or name one in VK_ICD_FILENAMES";
}

/** Whether the kernel knows a graphics card: without one nobody need be asked for its driver. */
function hasCard(): boolean {
  const inFolder = (folder: string, name: RegExp) =>
    existsSync(folder) && readdirSync(folder).some((file) => name.test(file));
  return inFolder("/dev/dri", /^renderD/) || inFolder("/dev", /^(nvidia\d+|dxg)$/);
}

/** Chromium's own loader, for machines without the package libvulkan1: once it is in memory, Dawn finds it by its name. */
function loadLoader(path: string): void {
  if (!existsSync(path)) return;
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | keepLoaded);
  } catch {
    // Node says that it is no addon, after it was loaded.
  }
}
