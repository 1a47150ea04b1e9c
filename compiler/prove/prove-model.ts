import type { Island, Model, Node, Program } from "../ir/index.ts";
import { recordedRule, recordedText } from "./merge-rule.ts";
import { proveIsland, type Proof } from "./prove-island.ts";
import type { Seed } from "./random-elements.ts";
import { mapSizeOf, smallestMap } from "./situations.ts";
import { structureKey } from "./structure-key.ts";

/** An island's proof, or whose proof serves for it too. */
export interface Certificate {
  readonly island: Island;
  readonly proof: Proof;
  /** Path of the first island of the same structure; absent for that island itself. */
  readonly sameAs?: string;
}

export interface Barrier {
  readonly op: string;
  /** Empty for an addition, which has none. */
  readonly path: string;
}

export interface ModelProof {
  readonly seed: Seed;
  readonly certificates: readonly Certificate[];
  /** What stands between islands: it is the same in training and deployment, so there is nothing to prove. */
  readonly barriers: readonly Barrier[];
  readonly isProved: boolean;
}

/** Proves every island of a model, each structure once, with the merge that its program would run. */
export function proveModel(
  { nodes }: Model,
  { merge }: Pick<Program, "merge">,
  seed: Seed,
): ModelProof {
  const known = new Map<string, Certificate>();
  const certificates = nodes.filter(isIsland).map((island): Certificate => {
    const { type } = nodes[island.input] ?? island;
    const input = mapSizeOf(type);
    const structure = structureKey(island, smallestMap(input, island.promised));
    // What was recorded counts too: a rule that reads another island's weights is another structure.
    const key = JSON.stringify([structure, recordedText(merge, island.path)]);
    const first = known.get(key);
    if (first) return { island, proof: first.proof, sameAs: first.island.path };
    const rule = recordedRule(merge, island.path);
    const certificate = { island, proof: proveIsland({ island, input, rule }, seed) };
    known.set(key, certificate);
    return certificate;
  });
  const isProved = certificates.every(({ proof }) => proof.refutation === undefined);
  return { seed, certificates, barriers: nodes.flatMap(barrierOf), isProved };
}

function isIsland(node: Node): node is Island {
  return node.kind === "island";
}

function barrierOf(node: Node): readonly Barrier[] {
  if (node.kind === "map") return [{ op: node.op.name, path: node.path }];
  return node.kind === "add" ? [{ op: "add", path: "" }] : [];
}
