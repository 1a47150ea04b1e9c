import { BackendUnavailable } from "../backend-unavailable.ts";
import { importOptional } from "../import-optional.ts";

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

export const remedies: readonly string[] = [
  "Install it with: npm install @tensorflow/tfjs-backend-webgpu webgpu.",
  "It needs a GPU with Vulkan, Metal or Direct3D 12, and on Linux the library libvulkan1.",
];

const inBrowsers = [
  "It needs a browser with WebGPU and a page from an https address or from this computer.",
];

type Scope = {
  navigator?: { gpu?: Gpu };
  readonly process?: { readonly versions?: { readonly node?: string } };
};

type Dawn = { readonly create: (options: readonly string[]) => Gpu; readonly globals: object };

/**
 * `navigator.gpu`: the browser's, or in Node the one that the package `webgpu` (Dawn) puts there.
 * @throws BackendUnavailable where there is none
 */
export async function provideGpu(): Promise<Gpu> {
  const scope = globalThis as Scope;
  if (scope.navigator?.gpu != null) return scope.navigator.gpu;
  if (scope.process?.versions?.node === undefined) {
    throw new BackendUnavailable("webgpu", "this page has no WebGPU", inBrowsers);
  }
  const dawn = await importOptional({ backend: "webgpu", specifier: "webgpu", remedies });
  const { create, globals } = dawn as Dawn;
  Object.assign(globalThis, globals);
  const gpu = create([]);
  scope.navigator ??= {};
  Object.defineProperty(scope.navigator, "gpu", { value: gpu, configurable: true });
  return gpu;
}
