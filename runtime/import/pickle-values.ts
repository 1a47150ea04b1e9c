/** What a pickle can hold here. Nothing in it has behaviour: classes and functions are their names. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleGlobal
  | PickleObject;

/** A list, or a set: its items in order. */
export interface PickleList {
  readonly kind: "list";
  readonly items: PickleValue[];
}

export interface PickleTuple {
  readonly kind: "tuple";
  readonly items: readonly PickleValue[];
}

export interface PickleDict {
  readonly kind: "dict";
  readonly entries: Map<PickleValue, PickleValue>;
}

/** A class or function, by its module and name joined with a dot. */
export interface PickleGlobal {
  readonly kind: "global";
  readonly name: string;
}

/** What the world made of a call or of a persistent id. */
export interface PickleObject {
  readonly kind: "object";
  readonly value: object;
}

/** What a pickle may refer to. */
export interface PickleWorld {
  /** Whether a global may be named; anything else ends the reading. */
  knows(name: string): boolean;
  /** The result of a call; nothing where its arguments are not what the function takes. */
  call(name: string, args: readonly PickleValue[]): PickleValue | undefined;
  /** What a persistent id stands for; nothing where it is none. */
  find(id: PickleValue): PickleValue | undefined;
}

export function isKind<K extends "list" | "tuple" | "dict" | "global" | "object">(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleValue, { readonly kind: K }> {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === kind;
}
