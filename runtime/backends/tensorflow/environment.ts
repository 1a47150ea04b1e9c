import { countProcessors } from "../count-processors.ts";

/** Says on how many threads one operation of TensorFlow runs; read once, when the library starts. */
const THREADS = "TF_NUM_INTRAOP_THREADS";

let startedWith: number | undefined;

/**
 * Sets what TensorFlow reads from the environment when it starts, and returns the number of threads it runs on.
 * The first call in a process decides: TensorFlow cannot be started a second time.
 */
export function prepareEnvironment(wanted: number | undefined): number {
  // Otherwise it greets every user with remarks about instruction sets. Errors are still told; 0 tells everything.
  process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  startedWith ??= chooseThreads(wanted);
  process.env[THREADS] = String(startedWith);
  return startedWith;
}

function chooseThreads(wanted: number | undefined): number {
  if (wanted !== undefined) return Math.max(1, Math.floor(wanted));
  const asked = Number(process.env[THREADS]);
  return Number.isInteger(asked) && asked > 0 ? asked : countProcessors();
}
