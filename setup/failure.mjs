/** The setup cannot go on: what is in the way, and what to do about it. */
export class SetupFailure extends Error {
  name = "SetupFailure";

  /** @param {string} reason one sentence without its full stop @param {string[]} remedies */
  constructor(reason, ...remedies) {
    super([`${reason}.`, ...remedies].join("\n"));
  }
}

/** The arguments say something else than they can. */
export class UsageMistake extends Error {
  name = "UsageMistake";
}
