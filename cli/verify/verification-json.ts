import { conclusion } from "./conclusion.ts";
import { isVerified, type Verified } from "./verified.ts";

/** The verdict for machines. */
export function verificationJson(verified: Verified): string {
  const { model, file, inputs, backend, verification, notes } = verified;
  const { examples, outputs, rows, integers } = verification;
  const { policy = null, ...named } = model;
  const verdict = {
    format: "repqc-verdict",
    version: 1,
    verified: isVerified(verified),
    conclusion: conclusion(verified),
    model: { ...named, policy },
    ...(file && { file }),
    inputs: { name: inputs.name, compared: examples, wanted: inputs.wanted, outputs },
    backend,
    engines: rows.map(({ name, against, found }) => ({ name, against, ...found })),
    ...(integers && {
      integers: {
        accumulators: Object.fromEntries(integers.accumulators),
        quantizers: Object.fromEntries(integers.quantizers),
        tiedExamples: integers.tiedExamples.reduce((sum, tied) => sum + tied, 0),
      },
    }),
    notes,
  };
  // JSON has no number for what is not finite.
  const finite = (_: string, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  return `${JSON.stringify(verdict, finite, 2)}\n`;
}
