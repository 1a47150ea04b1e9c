import { printPromise, type Island } from "../../compiler/ir/index.ts";
import type { Certificate, MergeError, Refutation } from "../../compiler/prove/index.ts";
import { grouped, renderTable } from "../table.ts";
import type { Proved } from "./proved.ts";

/** The certificate for people: a line per block, then what it rests on. */
export function proveText({ entry, result, errors }: Proved): string {
  const { certificates, barriers, seed } = result;
  const header = ["block", "label", "promise", "degree", "trials", "bound", "verdict"];
  const more = errors ? ["error", "of terms", "worst"] : [];
  const rows = certificates.map((one) => [
    nameOf(one.island),
    one.island.label,
    promiseText(one.island),
    String(one.proof.degree),
    String(one.proof.trials),
    boundText(one),
    verdictText(one),
    ...(errors ? errorCells(errors.get(one.island.path)) : []),
  ]);
  const table = renderTable([...header, ...more], rows, ["label", "promise", "verdict", "worst"]);
  const parts = [
    certificates.length === 0
      ? `${entry} has no block that merges: there is nothing to prove`
      : table,
    ...certificates.flatMap(({ island, proof, sameAs }) =>
      proof.refutation && sameAs === undefined ? [refutationText(island, proof.refutation)] : [],
    ),
    [
      ...(barriers.length > 0
        ? [`nothing to prove: ${counted(barriers.map(({ op }) => op))}`]
        : []),
      ...(certificates.length > 0 ? [summary(certificates), `seed ${seed}`] : []),
      ...(errors ? [errorSummary([...errors.values()])] : []),
    ].join("\n"),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** A block alone has no path. */
export function nameOf({ path, label }: Island): string {
  return path === "" ? label : path;
}

function promiseText({ promised, body }: Island): string {
  return `${printPromise(promised)} ${body.in} to ${body.out}`;
}

function boundText({ proof: { boundExponent, refutation } }: Certificate): string {
  // Rounded up: the bound that is printed holds.
  return refutation ? "" : `2^${(Math.ceil(boundExponent * 10) / 10).toFixed(1)}`;
}

function verdictText({ proof: { refutation }, sameAs }: Certificate): string {
  const verdict = refutation ? "REFUTED" : "proved";
  return sameAs === undefined ? verdict : `${verdict}, as ${sameAs}`;
}

function errorCells(error: MergeError | undefined): readonly string[] {
  if (!error) return ["", "", ""];
  const { ofValue, ofTerms } = error;
  const { tensor, index } = ofValue.at;
  return [ulpText(ofValue.ulps), ulpText(ofTerms.ulps), `${tensor} [${index.join(", ")}]`];
}

function ulpText(ulps: number): string {
  return `${ulps < 1000 ? ulps.toFixed(2) : ulps.toExponential(2)} ulp`;
}

function refutationText(
  island: Island,
  { kind, at, shapes, isAtBorder, trial }: Refutation,
): string {
  const name = nameOf(island);
  const [row, column, channel] = at ?? [];
  const found =
    kind === "shape"
      ? `its branches yield ${shapes.branches.join("x")}, its merged convolution ${shapes.merged.join("x")}`
      : `its branches and its merged convolution differ at row ${row}, column ${column}, channel ${channel}, ${isAtBorder ? "where padding is seen" : "where no padding is seen"} (trial ${trial})`;
  return `${name}: ${found}.\nrepqc derives the merge itself, so this is a bug of repqc, not of the spec: please report it with the spec and the seed.`;
}

function summary(certificates: readonly Certificate[]): string {
  const proved = certificates.filter(({ proof }) => !proof.refutation);
  const byTrials = proved.filter(({ sameAs }) => sameAs === undefined).length;
  const others = proved.length - byTrials;
  const shared = others > 0 ? `, ${byTrials} by trials and ${others} by the same structure` : "";
  const count = `${proved.length} of ${certificates.length} block${certificates.length === 1 ? "" : "s"} proved${shared}`;
  return `${count}; bound (degree / p)^trials by Schwartz-Zippel, primes p just below 2^24`;
}

function errorSummary(errors: readonly MergeError[]): string {
  const total = (count: (error: MergeError) => number) =>
    errors.map(count).reduce((a, b) => a + b, 0);
  const [numbers, nearest] = [total((one) => one.numbers), total((one) => one.nearest)];
  return `float32 merge: ${grouped(nearest)} of ${grouped(numbers)} numbers are the float32 numbers nearest to the exact ones`;
}

/** `relu x3, add`. */
function counted(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, n]) => (n > 1 ? `${name} x${n}` : name)).join(", ");
}
