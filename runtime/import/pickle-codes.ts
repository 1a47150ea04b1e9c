import type { PickleMachine } from "./pickle.ts";
import { isKind, type PickleValue } from "./pickle-values.ts";

type Operation = (machine: PickleMachine) => void;

/** Longer whole numbers are in no checkpoint. */
const longestInteger = 32;

const constant =
  (make: () => PickleValue): Operation =>
  (machine) =>
    machine.push(make());

const tupleOf =
  (count: number): Operation =>
  (machine) => {
    const items = Array.from({ length: count }, () => machine.pop()).toReversed();
    machine.push({ kind: "tuple", items });
  };

function pushInteger(machine: PickleMachine, length: number): void {
  if (length > longestInteger) throw machine.broken(`has a number of ${length} bytes`);
  machine.push(machine.input.integer(length));
}

function pushStackGlobal(machine: PickleMachine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== "string" || typeof module !== "string") {
    throw machine.broken("names a function by what is no text");
  }
  machine.pushGlobal(module, name);
}

function pushDict(machine: PickleMachine): void {
  const pairs = machine.popToMark();
  machine.push({ kind: "dict", entries: new Map() });
  machine.setItems(pairs);
}

function setItem(machine: PickleMachine): void {
  const value = machine.pop();
  machine.setItems([machine.pop(), value]);
}

function extend(machine: PickleMachine): void {
  const values = machine.popToMark();
  machine.append(values);
}

function append(machine: PickleMachine): void {
  const value = machine.pop();
  machine.append([value]);
}

const emptyDict = constant(() => ({ kind: "dict", entries: new Map() }));
const emptyList = constant(() => ({ kind: "list", items: [] }));

function listOfMarked(machine: PickleMachine): void {
  machine.push({ kind: "list", items: machine.popToMark() });
}

function call(machine: PickleMachine): void {
  machine.call();
}

/** `cls.__new__(cls, *args)`, of the classes that are known the same as a call. */
function makeObject(machine: PickleMachine): void {
  if (!isKind(machine.top(), "tuple")) throw machine.broken("makes an object without arguments");
  machine.call();
}

/** Protocol and frame lengths tell a stream's reader how much to fetch; the bytes are all here. */
const passProtocol: Operation = ({ input }) => void input.uint8();
const passFrame: Operation = ({ input }) => void input.uint64();

/** The operations of pickles by their codes (Python's `pickletools.opcodes`), as far as binary protocols write plain data. */
export const pickleCodes: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x80, passProtocol],
  [0x95, passFrame],

  [0x28, (machine) => machine.mark()],
  [0x30, (machine) => void machine.pop()],
  [0x31, (machine) => void machine.popToMark()],
  [0x32, (machine) => machine.push(machine.top())],

  [0x71, (machine) => machine.remember(machine.input.uint8())],
  [0x72, (machine) => machine.remember(machine.input.uint32())],
  [0x94, (machine) => machine.remember()],
  [0x68, (machine) => machine.recall(machine.input.uint8())],
  [0x6a, (machine) => machine.recall(machine.input.uint32())],

  [0x4e, constant(() => null)],
  [0x88, constant(() => true)],
  [0x89, constant(() => false)],
  [0x4a, (machine) => machine.push(machine.input.int32())],
  [0x4b, (machine) => machine.push(machine.input.uint8())],
  [0x4d, (machine) => machine.push(machine.input.uint16())],
  [0x8a, (machine) => pushInteger(machine, machine.input.uint8())],
  [0x8b, (machine) => pushInteger(machine, machine.input.uint32())],
  [0x47, (machine) => machine.push(machine.input.float64())],

  [0x58, (machine) => machine.push(machine.input.text(machine.input.uint32()))],
  [0x8c, (machine) => machine.push(machine.input.text(machine.input.uint8()))],
  [0x8d, (machine) => machine.push(machine.input.text(machine.input.uint64()))],
  [0x54, (machine) => machine.push(machine.input.latin1(machine.input.uint32()))],
  [0x55, (machine) => machine.push(machine.input.latin1(machine.input.uint8()))],
  [0x42, (machine) => machine.push(machine.input.bytes(machine.input.uint32()))],
  [0x43, (machine) => machine.push(machine.input.bytes(machine.input.uint8()))],
  [0x8e, (machine) => machine.push(machine.input.bytes(machine.input.uint64()))],

  [0x5d, emptyList],
  [0x8f, emptyList],
  [0x6c, listOfMarked],
  [0x91, listOfMarked],
  [0x61, append],
  [0x65, extend],
  [0x90, extend],
  [0x29, tupleOf(0)],
  [0x85, tupleOf(1)],
  [0x86, tupleOf(2)],
  [0x87, tupleOf(3)],
  [0x74, (machine) => machine.push({ kind: "tuple", items: machine.popToMark() })],
  [0x7d, emptyDict],
  [0x64, pushDict],
  [0x73, setItem],
  [0x75, (machine) => machine.setItems(machine.popToMark())],

  [0x63, (machine) => machine.pushGlobal(machine.input.line(), machine.input.line())],
  [0x93, pushStackGlobal],
  [0x52, call],
  [0x81, makeObject],
  [0x62, (machine) => machine.build()],
  [0x51, (machine) => machine.find()],
]);
