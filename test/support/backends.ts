import { beforeAll, describe } from "vitest";
import {
  backendNames,
  BackendUnavailable,
  openBackend,
  type Backend,
  type BackendName,
} from "../../runtime/backends/index.ts";
import { provideSoftwareVulkan } from "./software-vulkan.ts";

/** One thread: tests compute little, and run side by side. */
const options = { threads: 1 };

/** `REPQC_TEST_BACKENDS=wasm,webgpu` runs the suite on these alone. */
const chosen = process.env["REPQC_TEST_BACKENDS"]?.split(",") ?? backendNames;

interface Found {
  readonly name: BackendName;
  /** Why it does not run here; absent where it does. */
  readonly reason?: string;
  readonly device?: Backend["device"];
}

async function look(name: BackendName): Promise<Found> {
  if (!chosen.includes(name)) return { name, reason: "REPQC_TEST_BACKENDS leaves it out" };
  try {
    const { device } = await openBackend(name, options);
    return { name, device };
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    return { name, reason: error.reason };
  }
}

// A GPU is not needed: Chromium's software driver will do.
provideSoftwareVulkan();

const found: Found[] = [];
// One after the other: each becomes the current one.
for (const name of backendNames) found.push(await look(name));

for (const { name, reason } of found) {
  if (reason !== undefined) console.warn(`Tests on ${name} are skipped: ${reason}`);
}

let current: Backend | undefined;

/** The backend that the present tests run on. */
export function currentBackend(): Backend {
  if (current === undefined) throw new Error("only inside describeBackends is there a backend");
  return current;
}

/** What is known of a backend while tests are defined. */
export interface TestedBackend {
  readonly name: BackendName;
  /** Each kind of step must first be compiled for a GPU that is no GPU: a few cases must do. */
  readonly isSlow: boolean;
}

interface Needs {
  /** Whether the files are there that the tests compare with. */
  readonly isThere?: boolean;
  /** What is tested is a matter of these alone. */
  readonly only?: readonly BackendName[];
}

/** The same tests on every backend that is there; they must not read synchronously, which webgpu cannot. */
export function describeBackends(
  what: string,
  define: (backend: TestedBackend) => void,
  needs: Needs = {},
): void {
  const wanted = found.filter(({ name }) => needs.only?.includes(name) ?? true);
  for (const { name, reason, device } of wanted) {
    const isSkipped = reason !== undefined || needs.isThere === false;
    describe.skipIf(isSkipped)(`${what}, on ${name}`, () => {
      beforeAll(async () => {
        current = await openBackend(name, options);
      });
      define({ name, isSlow: device === "software gpu" });
    });
  }
}

/** How many random cases. */
export function randomRuns(usual: number): number {
  return currentBackend().device === "software gpu" ? Math.ceil(usual / 10) : usual;
}
