import { isKind, type PickleDict, type PickleValue } from "./pickle-values.ts";
import { quoted, unreadable } from "./problems.ts";
import type { TorchTensor } from "./torch-storage.ts";
import { tensorOf } from "./torch-world.ts";

/**
 * Under which names training scripts put the weights beside other things; averaged weights before the others, as their authors
 * evaluate those.
 */
const usualParts = ["params_ema", "params", "state_dict", "model_state_dict", "model"] as const;
const deepest = 3;

export interface StateDict {
  readonly tensors: ReadonlyMap<string, TorchTensor>;
  /** Keys on the way, joined with dots; empty where the whole file is one. */
  readonly part: string;
}

/** The dictionary of weights in what a file holds. @throws ForeignFile where there is none */
export function findStateDict(value: PickleValue, file: string): StateDict {
  const found = search(value, [], new Set());
  if (found !== undefined) return found;
  const keys = isKind(value, "dict") ? [...value.entries.keys()] : [];
  const names = keys.filter((key) => typeof key === "string").slice(0, 8);
  const has = names.length > 0 ? `; it has ${names.map(quoted).join(", ")}` : "";
  throw unreadable(
    file,
    `it holds no dictionary of tensors, neither itself nor in ${listed}${has}`,
  );
}

const listed = usualParts.map((part) => `\`${part}\``).join(", ");

/** @param seen dictionaries that were looked into: a hostile file may put one into itself */
function search(
  value: PickleValue | undefined,
  path: readonly string[],
  seen: Set<PickleValue>,
): StateDict | undefined {
  if (!isKind(value, "dict") || path.length > deepest || seen.has(value)) return undefined;
  seen.add(value);
  for (const part of usualParts) {
    const found = search(value.entries.get(part), [...path, part], seen);
    if (found !== undefined) return found;
  }
  const tensors = tensorsOf(value);
  return tensors.size > 0 ? { tensors, part: path.join(".") } : undefined;
}

function tensorsOf({ entries }: PickleDict): ReadonlyMap<string, TorchTensor> {
  const tensors = new Map<string, TorchTensor>();
  for (const [name, value] of entries) {
    const tensor = tensorOf(value);
    if (typeof name === "string" && tensor !== undefined) tensors.set(name, tensor);
  }
  return tensors;
}

/** Without what `torch.nn.DataParallel` puts before every name. */
export function withoutModule<T>(tensors: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const prefix = "module.";
  if (![...tensors.keys()].every((name) => name.startsWith(prefix))) return tensors;
  return new Map([...tensors].map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
