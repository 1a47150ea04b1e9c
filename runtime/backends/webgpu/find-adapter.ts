import { BackendUnavailable } from "../backend-unavailable.ts";
import { type GpuAdapter, type GpuAdapterInfo, driverRemedies, provideGpu } from "./gpu.ts";

/** Who computes. */
export type Adapter = {
  /** For people: vendor, architecture and driver, as far as they are told. */
  readonly name: string;
  /** A processor that pretends to be a GPU. */
  readonly isSoftware: boolean;
};

/** Drivers that compute on the processor. */
const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|\bwarp\b/i;

/**
 * The adapter that the backend would use. Cheap: no device is made, and TensorFlow.js's engine is not loaded.
 * @throws BackendUnavailable where there is none, or nothing to ask for one
 */
export async function findAdapter(): Promise<Adapter> {
  const gpu = await provideGpu();
  // What TensorFlow.js asks for, so that it is the same one.
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) {
    throw new BackendUnavailable("webgpu", "no GPU adapter was found", driverRemedies);
  }
  const { info } = adapter;
  return { name: nameAdapter(info), isSoftware: isSoftware(adapter) };
}

function nameAdapter(info: GpuAdapterInfo | undefined): string {
  if (info === undefined) return "an adapter without a name";
  const maker = [info.vendor, info.architecture].filter((part) => part !== "").join(" ");
  const about = [info.device, info.description].filter((part) => part !== "").join(", ");
  if (maker === "") return about || "an adapter without a name";
  return about === "" ? maker : `${maker} (${about})`;
}

/** Whether a processor pretends to be this GPU. */
export function isSoftware(adapter: GpuAdapter): boolean {
  const { info } = adapter;
  const isFallback = info?.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;
  const names = [info?.vendor, info?.architecture, info?.device, info?.description];
  return isFallback || softwareNames.test(names.join(" "));
}
