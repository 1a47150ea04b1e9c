/** A backend was asked for that does not exist, is not installed, or does not start here. */
export class BackendUnavailable extends Error {
  override readonly name = "BackendUnavailable";
  /** The name that was asked for. */
  readonly backend: string;
  /** Why it cannot be used, a sentence without its full stop. */
  readonly reason: string;
  /** What the user can do about it, one step per entry. */
  readonly remedies: readonly string[];

  constructor(backend: string, reason: string, remedies: readonly string[], cause?: unknown) {
    const lines = [`The backend "${backend}" cannot be used: ${reason}.`, ...remedies];
    super(lines.join("\n"), cause === undefined ? {} : { cause });
    this.backend = backend;
    this.reason = reason;
    this.remedies = remedies;
  }

  /** The same error with one more thing to do. */
  withRemedy(remedy: string): BackendUnavailable {
    return new BackendUnavailable(
      this.backend,
      this.reason,
      [...this.remedies, remedy],
      this.cause,
    );
  }
}
