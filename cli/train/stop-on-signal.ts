/** What a process ends with where a signal ended it. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

export interface Stop {
  readonly signal: AbortSignal;
  /** What to end with, once the signal has come. */
  readonly exitCode: () => number;
  /** Signals are the system's again. */
  readonly release: () => void;
}

/**
 * The first Ctrl-C (or SIGTERM) lets the present step end; a second one ends the process. Also makes a file that outgrows the system's limit an error
 * like a full disk, where the system would end the process.
 */
export function stopOnSignal(giveTerminalBack: () => void): Stop {
  const controller = new AbortController();
  let exitCode = 0;
  const stop = (name: NodeJS.Signals): void => {
    const code = exitCodes[name as keyof typeof exitCodes];
    if (controller.signal.aborted) {
      giveTerminalBack();
      process.exit(code);
    }
    exitCode = code;
    controller.abort();
  };
  const ignore = (): void => {};
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGXFSZ", ignore);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    release: () => void process.off("SIGINT", stop).off("SIGTERM", stop).off("SIGXFSZ", ignore),
  };
}
