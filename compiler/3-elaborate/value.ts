import type { FilterTaps } from "../algebra/filter-taps.ts";
import type { Size } from "../algebra/kernel-algebra.ts";
import type { Call } from "../../grammar/index.ts";
import type { AnyMapOp } from "../ops/index.ts";
import type { Environment } from "./context.ts";

/** What a compile-time expression can be. */
export type Value =
  number | boolean | string | SizeValue | FilterTaps | ListValue | ActivationValue;

export interface SizeValue extends Size {
  readonly kind: "size";
}

export interface ListValue {
  readonly kind: "list";
  readonly items: readonly Value[];
}

/** A non-affine op handed over as a parameter, with its arguments still where they were written; `use` is absent for `none`. */
export interface ActivationValue {
  readonly kind: "activation";
  readonly use:
    { readonly op: AnyMapOp; readonly call: Call; readonly environment: Environment } | undefined;
}

/** As a message shows it: `3`, `3x3`, `true`, `"text"`, `a kernel`. */
export function describe(value: Value): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  switch (value.kind) {
    case "size":
      return `${value.height}x${value.width}`;
    case "table":
      return "a kernel";
    case "dct":
      return `dct(${value.size.height}x${value.size.width})`;
    case "list":
      return "a list";
    case "activation":
      return value.use ? `\`${value.use.op.name}\`` : "`none`";
  }
}
