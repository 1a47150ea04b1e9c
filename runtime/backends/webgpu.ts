import { tf } from "../tensors.ts";
import { BackendUnavailable } from "./backend-unavailable.ts";
import type { Backend } from "./backend.ts";
import { importOptional } from "./import-optional.ts";
import { selectEngine } from "./select-engine.ts";

const remedies = [
  "Install it with: npm install @tensorflow/tfjs-backend-webgpu webgpu.",
  "It needs a GPU with Vulkan, Metal or Direct3D 12, and on Linux the library libvulkan1.",
];

/** Any GPU through WebGPU; in Node by way of the `webgpu` package (Dawn). */
export async function openWebgpu(): Promise<Backend> {
  await provideNavigatorGpu();
  await importOptional({
    backend: "webgpu",
    specifier: "@tensorflow/tfjs-backend-webgpu",
    remedies,
  });
  await selectEngine("webgpu", remedies);
  return {
    name: "webgpu",
    threads: 1,
    device: "gpu",
    tolerance: 1e-4,
    describe: () => `webgpu: TensorFlow.js ${tf.version_core} on a GPU through WebGPU`,
  };
}

type Dawn = {
  readonly create: (flags: string[]) => { requestAdapter(): Promise<unknown> };
  readonly globals: object;
};

/** Outside browsers there is no `navigator.gpu`: the package's bindings take its place. */
async function provideNavigatorGpu(): Promise<void> {
  const scope = globalThis as { navigator?: { gpu?: unknown } };
  if (scope.navigator?.gpu !== undefined) return;
  const dawn = await importOptional({ backend: "webgpu", specifier: "webgpu", remedies });
  const { create, globals } = dawn as Dawn;
  const gpu = create([]);
  if ((await gpu.requestAdapter()) === null) {
    throw new BackendUnavailable("webgpu", "no GPU adapter was found", remedies);
  }
  Object.assign(globalThis, globals);
  scope.navigator ??= {};
  Object.defineProperty(scope.navigator, "gpu", { value: gpu, configurable: true });
}
