import { BackendUnavailable } from "../backend-unavailable.ts";
import { isNode } from "../builtin-module.ts";
import { importOptional } from "../import-optional.ts";
import { hasVulkan } from "./has-vulkan.ts";

/** The part of WebGPU's `navigator.gpu` that is used here. */
export type Gpu = {
  requestAdapter(options?: { readonly powerPreference: string }): Promise<GpuAdapter | null>;
};

export type GpuAdapter = {
  readonly info?: GpuAdapterInfo;
  /** Where browsers said it before it became a part of `info`. */
  readonly isFallbackAdapter?: boolean;
};

export type GpuAdapterInfo = {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
};

/** Where a package is missing. */
export const remedies: readonly string[] = [
  "Install it with: npm install @tensorflow/tfjs-backend-webgpu webgpu.",
  "It needs a GPU with Vulkan, Metal or Direct3D 12, and on Linux the library libvulkan1.",
];

/** Where the packages are there, and no GPU is found. */
export const driverRemedies: readonly string[] = [
  "It needs a GPU and its driver for Vulkan, Metal or Direct3D 12; on Linux also the library libvulkan1.",
  "A container needs the driver's Vulkan part too: with NVIDIA's toolkit, NVIDIA_DRIVER_CAPABILITIES=all.",
];

const inBrowsers = [
  "It needs a browser with WebGPU and a page from an https address or from this computer.",
];

type Scope = { navigator?: { gpu?: Gpu } };

type Dawn = { readonly create: (options: readonly string[]) => Gpu; readonly globals: object };

/**
 * `navigator.gpu`: the browser's, or in Node the one that the package `webgpu` (Dawn) puts there.
 * @throws BackendUnavailable where there is none
 */
export async function provideGpu(): Promise<Gpu> {
  const scope = globalThis as Scope;
  if (scope.navigator?.gpu != null) return scope.navigator.gpu;
  if (!isNode()) {
    throw new BackendUnavailable("webgpu", "this page has no WebGPU", inBrowsers);
  }
  const dawn = await importOptional({ backend: "webgpu", specifier: "webgpu", remedies });
  if (!hasVulkan()) {
    throw new BackendUnavailable(
      "webgpu",
      "there is no Vulkan (libvulkan.so.1) here",
      driverRemedies,
    );
  }
  const { create, globals } = dawn as Dawn;
  Object.assign(globalThis, globals);
  const gpu = create([]);
  scope.navigator ??= {};
  Object.defineProperty(scope.navigator, "gpu", { value: gpu, configurable: true });
  return gpu;
}
