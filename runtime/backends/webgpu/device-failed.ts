/** A GPU that stopped working, or refused what was asked of it: what was computed on it is gone. */
export class DeviceFailed extends Error {
  override readonly name = "DeviceFailed";
  /** What happened, a clause. */
  readonly reason: string;
  /** What the user can do about it, a clause. */
  readonly help: string;

  constructor(reason: string, help: string) {
    const goOn = "A training goes on from its last checkpoint.";
    super(`The GPU failed: ${reason}.\nTo go on: ${help}. ${goOn}`);
    this.reason = reason;
    this.help = help;
  }
}

export function deviceLost(message: string): DeviceFailed {
  const detail = message === "" ? "" : ` (${oneLine(message)})`;
  const help = "begin again; the driver may have been reset, or the computer have slept";
  return new DeviceFailed(`it was lost${detail}`, help);
}

/** It would refuse the same command again. */
export function deviceRefused(message: string): DeviceFailed {
  return new DeviceFailed(`it refused a command (${oneLine(message)})`, "use another backend");
}

/** The first line says what; the others of Dawn say where inside it. */
function oneLine(message: string): string {
  return message.split("\n", 1)[0]!.replace(/\.$/, "");
}
