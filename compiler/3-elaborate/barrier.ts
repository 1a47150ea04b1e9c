import type { Call } from "../../grammar/index.ts";
import type { AnyMapOp } from "../ops/index.ts";
import { opByName } from "../ops/index.ts";
import { bindArguments } from "./arguments.ts";
import type { Environment } from "./context.ts";

/** A non-affine op, before it has a place in a model. */
export interface Barrier {
  readonly kind: "barrier";
  readonly op: AnyMapOp;
  readonly params: Readonly<Record<string, unknown>>;
  readonly path: string;
  readonly call: Call;
}

/** The barrier that a step means, by an op's own name or through a parameter; `none` where it stands for nothing. */
export function barrierOf(
  environment: Environment,
  call: Call,
  path: string,
): Barrier | "none" | undefined {
  const op = opByName.get(call.name.text);
  if (op?.kind === "map") {
    return { kind: "barrier", op, params: bindArguments(environment, call, op), path, call };
  }
  if (call.name.text === "none") return "none";
  const value = environment.values.get(call.name.text);
  if (typeof value !== "object" || value.kind !== "activation") return undefined;
  if (!value.use) return "none";
  const { op: given, call: written, environment: caller } = value.use;
  return { kind: "barrier", op: given, params: bindArguments(caller, written, given), path, call };
}
