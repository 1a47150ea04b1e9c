import { damaged, quoted, saveWeightsOnly, unreadable } from "./problems.ts";
import { PickleBytes } from "./pickle-bytes.ts";
import { pickleCodes } from "./pickle-codes.ts";
import { isKind, type PickleValue, type PickleWorld } from "./pickle-values.ts";

/** Every operation makes at most one value; the pickle of a network with 10,000 tensors has half a million. */
const mostOperations = 2 ** 21;

/**
 * Reads one pickle (protocols 2 to 5) as data. Nothing of it is ever executed: the only calls are those that `world` knows, and
 * those make data too. Time and memory are bounded by the number of bytes, and by `mostOperations`.
 *
 * @param begin where the pickle begins
 * @returns its value, and where it ends
 * @throws CorruptFile, ForeignFile (names a global that `world` does not know)
 */
export function readPickle(
  bytes: Uint8Array,
  begin: number,
  world: PickleWorld,
  file: string,
): { readonly value: PickleValue; readonly end: number } {
  const machine = new PickleMachine(new PickleBytes(bytes, begin, file), world, file);
  for (let operations = 0; operations < mostOperations; operations++) {
    const code = machine.input.uint8();
    if (code === stop) return { value: machine.pop(), end: machine.input.at };
    const run = pickleCodes.get(code);
    if (run === undefined) {
      throw damaged(
        file,
        `has a pickle with an operation that torch.save does not write (${code})`,
      );
    }
    run(machine);
  }
  throw unreadable(file, `its pickle has more than ${mostOperations} operations`);
}

const stop = 0x2e;

/** The stack machine that pickles are programs for; `pickleCodes` are its operations. */
export class PickleMachine {
  readonly input: PickleBytes;
  readonly #file: string;
  readonly #world: PickleWorld;
  readonly #memo = new Map<number, PickleValue>();
  #stack: PickleValue[] = [];
  /** What lies below each mark. */
  readonly #below: PickleValue[][] = [];

  constructor(input: PickleBytes, world: PickleWorld, file: string) {
    this.input = input;
    this.#world = world;
    this.#file = file;
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined) throw this.broken("takes a value that is not there");
    return value;
  }

  top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined) throw this.broken("takes a value that is not there");
    return value;
  }

  mark(): void {
    this.#below.push(this.#stack);
    this.#stack = [];
  }

  /** Everything above the last mark. */
  popToMark(): PickleValue[] {
    const above = this.#stack;
    const below = this.#below.pop();
    if (below === undefined) throw this.broken("goes back to a mark that is not there");
    this.#stack = below;
    return above;
  }

  /** Remembers the top of the stack. */
  remember(index = this.#memo.size): void {
    this.#memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.broken("recalls a value that it has not stored");
    this.push(value);
  }

  append(values: readonly PickleValue[]): void {
    const list = this.top();
    if (!isKind(list, "list")) throw this.broken("appends to what is no list");
    for (const value of values) list.items.push(value);
  }

  /** Keys and values in turn, into the dictionary on top. */
  setItems(pairs: readonly PickleValue[]): void {
    const dict = this.top();
    if (!isKind(dict, "dict") || pairs.length % 2 !== 0) {
      throw this.broken("sets items of what is no dictionary");
    }
    for (let index = 0; index + 1 < pairs.length; index += 2)
      dict.entries.set(pairs[index] ?? null, pairs[index + 1] ?? null);
  }

  pushGlobal(module: string, name: string): void {
    const whole = `${module}.${name}`;
    if (!this.#world.knows(whole)) {
      const reason = `its pickle asks for ${quoted(whole)}, which weights have no need of, and which is not run`;
      throw unreadable(this.#file, reason, saveWeightsOnly);
    }
    this.push({ kind: "global", name: whole });
  }

  /** Calls the global below the arguments on top. */
  call(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!isKind(callee, "global") || !isKind(args, "tuple")) {
      throw this.broken("calls what is no function");
    }
    const result = this.#world.call(callee.name, args.items);
    if (result === undefined) throw this.broken(`gives ${quoted(callee.name)} wrong arguments`);
    this.push(result);
  }

  find(): void {
    const found = this.#world.find(this.pop());
    if (found === undefined) throw this.broken("refers to a storage in a way that is not known");
    this.push(found);
  }

  /** Attributes of an ordered dictionary, such as `_metadata`, are no weights. */
  build(): void {
    this.pop();
    if (!isKind(this.top(), "dict")) throw this.broken("sets attributes of what has none");
  }

  broken(what: string): Error {
    return damaged(this.#file, `has a damaged pickle: it ${what}`);
  }
}
