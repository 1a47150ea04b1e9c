/** A GPU that stopped working, or refused what was asked of it: what was computed on it is gone. */
export class DeviceFailed extends Error {
  override readonly name = "DeviceFailed";
  /** A clause without its full stop. */
  readonly reason: string;
  /** What the user can do about it. */
  readonly help: string;

  constructor(reason: string, help: string) {
    super(`The GPU failed: ${reason}.\n${help}`);
    this.reason = reason;
    this.help = help;
  }
}

export function deviceLost(message: string): DeviceFailed {
  const detail = message === "" ? "" : ` (${oneLine(message)})`;
  const reason = `it was lost${detail}`;
  return new DeviceFailed(
    reason,
    "The driver may have been reset, or the computer have slept. Open the backend again; a training goes on from its last checkpoint.",
  );
}

export function deviceRefused(message: string): DeviceFailed {
  return new DeviceFailed(
    `it refused a command (${oneLine(message)})`,
    "Use another backend. A training goes on from its last checkpoint.",
  );
}

/** The first line says what; the others of Dawn say where inside it. */
function oneLine(message: string): string {
  return message.split("\n", 1)[0]!.replace(/\.$/, "");
}
