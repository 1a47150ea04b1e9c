import { Command, Option } from "commander";
import type { BackendName } from "../../runtime/backends/index.ts";
import { backendNames } from "../../runtime/backends/backend-names.ts";
import type { EngineReport } from "../doctor/self-test.ts";
import type { SelfTestOptions } from "../doctor/run-self-test.ts";
import type { Session } from "../session.ts";
import { wholeNumber } from "../whole-number.ts";

export interface DoctorOptions {
  readonly backend?: BackendName;
  readonly threads?: number;
  readonly json?: boolean;
}

const details = `
Every engine that is there is tested in a process of its own: a convolution, LSQ and a block under
RepQ, with all their gradients, against float64 computed on the spot; then a quantization-aware
training step of a RepVGG block on maps of 16x16x32, with as many images as it manages. The last
columns are the most bytes of tensors in that step (where the engine counts them), and of the process.

Ends with 1 where an engine that is there computes wrongly or breaks; one that is not there is no fault.`;

export function doctorCommand(session: Session): Command {
  return new Command("doctor")
    .description("Say which engines are there, test them, and say what to install for the others.")
    .addOption(new Option("--backend <name>", "only this one").choices(backendNames))
    .option("--threads <n>", "threads of the backends that let one choose", wholeNumber(1, 64))
    .option("--json", "print everything as data")
    .addHelpText("after", details)
    .action(async (options: DoctorOptions) => session.end(await doctor(options, session)));
}

/** Prints what is there and what it is worth. @returns the exit code */
export async function doctor(
  { backend, threads, json }: DoctorOptions,
  { terminal }: Pick<Session, "terminal">,
  program?: SelfTestOptions["program"],
): Promise<number> {
  const { describeMachine, findCompanions } = await import("../doctor/machine.ts");
  const { runSelfTest } = await import("../doctor/run-self-test.ts");
  const { doctorText } = await import("../doctor/doctor-report.ts");
  const engines: EngineReport[] = [];
  // One after the other: they would slow each other down.
  for (const name of backend === undefined ? backendNames : [backend]) {
    terminal.writeError(`testing ${name} ...\n`);
    engines.push(await runSelfTest(name, { threads, ...(program && { program }) }));
  }
  const { autoChoice } = await import("../doctor/auto-choice.ts");
  const findings = {
    machine: describeMachine(),
    companions: await findCompanions(),
    engines,
    ...(backend === undefined && { auto: await autoChoice(engines) }),
  };
  terminal.write(json === true ? `${JSON.stringify(findings, null, 2)}\n` : doctorText(findings));
  return engines.some(({ state }) => state === "wrong" || state === "broken") ? 1 : 0;
}
