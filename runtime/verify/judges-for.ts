import type { HostTensor } from "../safetensors.ts";
import { doubtBook } from "./doubt-book.ts";
import type { Deployment } from "./engine.ts";
import { isQuantized } from "./is-quantized.ts";
import { BitJudge } from "./judge-bits.ts";
import { termBook, ToleranceJudge } from "./judge-tolerance.ts";
import type { Judge } from "./judge.ts";
import type { Verdict } from "./verdict.ts";

/** Makes a judge for one engine. @throws NoIntegerForm */
export function judgesFor(deployment: Deployment): () => Judge {
  const { program, deployed } = deployment;
  if (isQuantized(program)) {
    const book = doubtBook(program.deploy, deployed);
    return () => new BitJudge(book);
  }
  const book = termBook(deployment);
  return () => new ToleranceJudge(book);
}

/**
 * Judges outputs that are there already, as `verifyDeployment` would.
 * @param expected what the training graph, or another reference, gave for the input
 */
export async function judgeOutputs(
  deployment: Deployment,
  input: HostTensor,
  expected: HostTensor,
  found: HostTensor,
): Promise<Verdict> {
  const judge = judgesFor(deployment)();
  await judge.compare({ input, first: 0 }, expected, found);
  return judge.verdict();
}
