import { isKind, type PickleValue, type PickleWorld } from "./pickle-values.ts";
import { TorchStorage, TorchTensor } from "./torch-storage.ts";

/** More dimensions than any weight has; a bound for what is computed with them. */
const mostDimensions = 8;

type Call = (args: readonly PickleValue[]) => PickleValue | undefined;

/** Everything in a pickle of PyTorch that is called. Each makes data of its arguments, nothing else. */
const calls: ReadonlyMap<string, Call> = new Map<string, Call>([
  ["torch._utils._rebuild_tensor_v2", rebuildTensor],
  ["torch._utils._rebuild_tensor", rebuildTensor],
  ["torch._utils._rebuild_parameter", ([data]) => (isTensor(data) ? data : undefined)],
  ["collections.OrderedDict", ([pairs]) => orderedDict(pairs)],
  ["torch.Size", ([sizes]) => (isKind(sizes, "tuple") ? sizes : undefined)],
]);

const storageName = /^torch\.(?:storage\.)?(_?[A-Z][A-Za-z0-9]*Storage)$/;

/** What a pickle written by torch.save may refer to: tensors, parameters, ordered dictionaries, sizes, kinds of storages. */
export const torchWorld: PickleWorld = {
  knows: (name) => calls.has(name) || storageName.test(name),
  call: (name, args) => calls.get(name)?.(args),
  find(id) {
    // ("storage", kind, key, device, count), in old files also where the storage is a view of another.
    if (!isKind(id, "tuple")) return undefined;
    const [what, kind, key, , count, view = null] = id.items;
    const type = isKind(kind, "global") ? storageName.exec(kind.name)?.[1] : undefined;
    if (what !== "storage" || type === undefined || typeof key !== "string") return undefined;
    if (!isWhole(count) || view !== null) return undefined;
    return { kind: "object", value: new TorchStorage(type, key, count) };
  },
};

/** The tensor that a value is. */
export function tensorOf(value: PickleValue | undefined): TorchTensor | undefined {
  return isKind(value, "object") && value.value instanceof TorchTensor ? value.value : undefined;
}

function isTensor(value: PickleValue | undefined): value is PickleValue {
  return tensorOf(value) !== undefined;
}

/** (storage, offset, sizes, strides, ...): what else there is concerns gradients. */
function rebuildTensor(args: readonly PickleValue[]): PickleValue | undefined {
  const [storage, offset, sizes, strides] = args;
  if (!isKind(storage, "object") || !(storage.value instanceof TorchStorage)) return undefined;
  const [shape, steps] = [wholeNumbers(sizes), wholeNumbers(strides)];
  if (!isWhole(offset) || shape === undefined || steps?.length !== shape.length) return undefined;
  return { kind: "object", value: new TorchTensor(storage.value, offset, shape, steps) };
}

function wholeNumbers(value: PickleValue | undefined): readonly number[] | undefined {
  if (!isKind(value, "tuple") || value.items.length > mostDimensions) return undefined;
  return value.items.every(isWhole) ? value.items : undefined;
}

function isWhole(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Of nothing, or of a list of pairs as old protocols write it. */
function orderedDict(pairs: PickleValue | undefined): PickleValue | undefined {
  const entries = new Map<PickleValue, PickleValue>();
  if (pairs === undefined) return { kind: "dict", entries };
  if (!isKind(pairs, "list")) return undefined;
  for (const pair of pairs.items) {
    if (!isKind(pair, "list") && !isKind(pair, "tuple")) return undefined;
    const [key, value] = pair.items;
    if (key === undefined || value === undefined) return undefined;
    entries.set(key, value);
  }
  return { kind: "dict", entries };
}
