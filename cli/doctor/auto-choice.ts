import { BackendUnavailable, chooseBackend } from "../../runtime/backends/index.ts";
import type { Backend, BackendName } from "../../runtime/backends/index.ts";
import type { EngineReport } from "./self-test.ts";

/** What `auto` takes, judged by what the engines told of themselves; none is started again. */
export async function autoChoice(engines: readonly EngineReport[]): Promise<string> {
  const { name, choice } = await chooseBackend(async (wanted) => backendOf(engines, wanted));
  return `${name} (${choice})`;
}

function backendOf(engines: readonly EngineReport[], wanted: BackendName): Backend {
  const report = engines.find(({ name }) => name === wanted);
  if (report === undefined || report.state === "absent" || report.state === "broken") {
    throw new BackendUnavailable(wanted, report?.reason ?? "it was not tested", []);
  }
  const { name, device, threads, engine } = report;
  return { name, device, threads, tolerance: 0, describe: () => engine };
}
