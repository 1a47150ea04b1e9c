import type { Certificate, MergeError } from "../../compiler/prove/index.ts";
import { primes, TARGET_EXPONENT } from "../../compiler/prove/index.ts";
import type { Proved } from "./proved.ts";

/** The certificate for machines. */
export function proveJson({ entry, result, errors }: Proved): string {
  const { seed, certificates, barriers, isProved } = result;
  const certificate = {
    format: "repqc-proof",
    version: 1,
    entry,
    proved: isProved,
    seed,
    /** Trial t computes modulo prime t. */
    primes: primes.slice(0, Math.max(0, ...certificates.map(({ proof }) => proof.trials))),
    targetExponent: TARGET_EXPONENT,
    blocks: certificates.map((one) => blockOf(one, errors?.get(one.island.path))),
    barriers: barriers.map(({ path, op }) => ({ op, path })),
  };
  return `${JSON.stringify(certificate, undefined, 2)}\n`;
}

function blockOf({ island, proof, sameAs }: Certificate, error: MergeError | undefined) {
  const { path, label, body, promised } = island;
  const { size, dilation, stride, groups, pads } = promised;
  const { degree, trials, boundExponent, map, refutation } = proof;
  return {
    path,
    label,
    promise: { size: [size.height, size.width], dilation, stride, groups, pads },
    in: body.in,
    out: body.out,
    map: [map.height, map.width],
    degree,
    trials,
    verdict: refutation ? "refuted" : "proved",
    ...(!refutation && { boundExponent }),
    ...(sameAs !== undefined && { sameAs }),
    ...(refutation && { refutation }),
    ...(error && { merge: error }),
  };
}
