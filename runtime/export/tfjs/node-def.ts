/** The JSON of TensorFlow's `GraphDef`, as far as a GraphModel needs it: https://www.tensorflow.org/api_docs/python/tf/compat/v1/GraphDef. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr: Readonly<Record<string, AttrValue>>;
}

export type AttrValue =
  | { readonly type: DataType }
  | { readonly shape: TensorShape }
  | { readonly tensor: { readonly dtype: DataType; readonly tensorShape: TensorShape } }
  /** int64, hence text. */
  | { readonly i: string }
  | { readonly b: boolean }
  /** Base64. */
  | { readonly s: string }
  | { readonly list: { readonly i: readonly string[] } };

export type DataType = "DT_FLOAT" | "DT_INT32";

export interface TensorShape {
  readonly dim: readonly { readonly size: string }[];
}

/** -1 stands for any size. */
export function tensorShape(sizes: readonly number[]): TensorShape {
  return { dim: sizes.map((size) => ({ size: String(size) })) };
}

export function integer(i: number): AttrValue {
  return { i: String(i) };
}

export function integers(list: readonly number[]): AttrValue {
  return { list: { i: list.map(String) } };
}

/** An ASCII word. */
export function text(word: string): AttrValue {
  return { s: btoa(word) };
}
