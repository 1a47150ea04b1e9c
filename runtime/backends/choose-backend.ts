import { BackendUnavailable } from "./backend-unavailable.ts";
import type { Backend, BackendName } from "./backend.ts";

interface Rank {
  readonly name: BackendName;
  /** Taken only where it computes on hardware of that kind; a software GPU is a CPU that pretends. */
  readonly needsGpu: boolean;
}

/** The order of `auto`. */
const ranks: readonly Rank[] = [
  { name: "tensorflow", needsGpu: true },
  { name: "webgpu", needsGpu: true },
  { name: "tensorflow", needsGpu: false },
  { name: "wasm", needsGpu: false },
];

type Device = Backend["device"];

/**
 * The first backend of the order that is there, made the current one; its `choice` says why.
 * @param open opens one backend; opening one again must be cheap
 * @param look what a backend would compute on, where that can be known without starting it; it fails as `open` would
 * @throws BackendUnavailable of the last one, where there is none at all
 */
export async function chooseBackend(
  open: (name: BackendName) => Promise<Backend>,
  look: (name: BackendName) => Promise<Device | undefined> = async () => undefined,
): Promise<Backend> {
  const passed = new Map<BackendName, string>();
  const failed = new Map<BackendName, BackendUnavailable>();
  let current: Backend | undefined;
  for (const { name, needsGpu } of ranks) {
    if (failed.has(name)) continue;
    const seen = needsGpu ? await unlessMissing(name, look, failed) : undefined;
    const isWorthwhile = !failed.has(name) && (seen ?? "gpu") === "gpu";
    if (isWorthwhile && current?.name !== name) current = await unlessMissing(name, open, failed);
    const device = seen ?? current?.device;
    if (failed.has(name)) {
      passed.set(name, failed.get(name)?.reason ?? "");
    } else if (needsGpu && device !== "gpu") {
      passed.set(name, `runs on a ${device === "cpu" ? "CPU" : "GPU in software"} here`);
    } else if (current !== undefined) {
      passed.delete(name);
      return { ...current, choice: choiceText(current, passed) };
    }
  }
  throw [...failed.values()].at(-1) ?? new Error("repqc bug: there is no backend to choose from");
}

async function unlessMissing<T>(
  name: BackendName,
  ask: (name: BackendName) => Promise<T>,
  failed: Map<BackendName, BackendUnavailable>,
): Promise<T | undefined> {
  try {
    return await ask(name);
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    failed.set(name, error);
    return undefined;
  }
}

/** `chosen by auto: on a GPU`, or what stood in the way of those before it. */
function choiceText({ device }: Backend, passed: ReadonlyMap<BackendName, string>): string {
  const others = [...passed].map(([name, reason]) => `no ${name}, ${reason}`);
  const own = device === "gpu" ? ["it computes on a GPU"] : [];
  return `chosen by auto: ${[...own, ...others].join("; ") || "nothing faster is known"}`;
}
