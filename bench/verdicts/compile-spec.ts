import { createHost } from "../../cli/host.ts";
import { packageRoot } from "../../cli/package-root.ts";
import { UserMistake } from "../../cli/user-mistake.ts";
import { compile, type TrainForm } from "../../compiler/compile.ts";
import { isError } from "../../compiler/diagnostics/index.ts";
import type { Program } from "../../compiler/ir/index.ts";

export interface SpecRequest {
  readonly spec: string;
  readonly entry: string;
  /** A call, and the spec that has it; floating point where there is none. */
  readonly policy?: { readonly call: string; readonly spec: string };
  readonly shape?: readonly number[];
  /** How islands train in floating point. */
  readonly form?: TrainForm;
}

/** @throws UserMistake where a spec does not hold what is wanted */
export function compileSpec({ spec, entry, policy, shape, form }: SpecRequest): Program {
  const names = { folder: packageRoot, entry: spec, other: policy?.spec };
  const { host, entry: file, other } = createHost(names);
  const { program, diagnostics } = compile(
    {
      file,
      entry,
      ...(policy && { policy: policy.call }),
      ...(other !== undefined && { policyFile: other }),
      ...(shape && { shape }),
      ...(form && { form }),
    },
    host,
  );
  if (!program || diagnostics.some(isError)) throw new UserMistake(...diagnostics);
  return program;
}
