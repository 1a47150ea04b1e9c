/** What a file of a model says of itself, and what of it decides about its outputs. */
export interface ModelContents {
  /** By name, as `repqc.entry`. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Of one input, without the batch and in the file's own order; absent where a size is open or there is not just one input. */
  readonly inputShape?: readonly number[];
  readonly constants: ReadonlyMap<string, ModelConstant>;
  /** Everything else that decides about outputs, one text each: operations with their attributes, what they are wired to, inputs and outputs. */
  readonly statements: readonly string[];
}

export interface ModelConstant {
  readonly type: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** What two models do not have in common. */
export interface ModelChanges {
  /** Names of constants whose numbers, type or shape differ, or that only one of them has. */
  readonly constants: readonly string[];
  /** Whether they have other operations or attributes, or wire them in another way. */
  readonly isGraphChanged: boolean;
}

/** Compares what two models compute, not what they say of themselves. */
export function compareContents(a: ModelContents, b: ModelContents): ModelChanges {
  const names = new Set([...a.constants.keys(), ...b.constants.keys()]);
  const differs = (name: string) => !isSame(a.constants.get(name), b.constants.get(name));
  const isGraphChanged = a.statements.join("\n") !== b.statements.join("\n");
  return { constants: [...names].filter(differs), isGraphChanged };
}

function isSame(a: ModelConstant | undefined, b: ModelConstant | undefined): boolean {
  if (!a || !b) return false;
  if (a.type !== b.type || a.shape.join() !== b.shape.join()) return false;
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, i) => byte === b.bytes[i]);
}
