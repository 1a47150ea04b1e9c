import { readFileSync } from "node:fs";

/** Whether a process of this machine has not ended. */
export function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/**
 * When a process was started, as a text to compare: its number may be another's later. Nothing where the system does not tell; Linux does.
 */
export function startOf(process_: number): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const text = readFileSync(`/proc/${process_}/stat`, "utf8");
    // Behind the program's name, which may hold anything; proc(5) calls this field 22, `starttime`.
    const ticks = text.slice(text.lastIndexOf(")") + 2).split(" ")[19];
    return ticks === undefined ? undefined : `${boot} ${ticks}`;
  } catch {
    return undefined;
  }
}
