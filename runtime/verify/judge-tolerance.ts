import type { HostTensor } from "../safetensors.ts";
import { positionOf } from "./doubt/doubt.ts";
import type { Deployment } from "./engine.ts";
import { runGraph } from "./engines/run-graph.ts";
import { countRoundings } from "./floating/count-roundings.ts";
import { withTermSizes } from "./floating/with-term-sizes.ts";
import type { Chunk, Judge } from "./judge.ts";
import type { Difference, ToleranceVerdict } from "./verdict.ts";

/** Differences that are kept; the rest is counted. */
const mostKept = 100;

/** What engines of a model in floating point share. */
export interface TermBook {
  /** What is allowed of the terms. */
  readonly tolerance: number;
  /** How large the terms of each output are. */
  readonly termsOf: (chunk: Chunk) => Promise<HostTensor>;
}

/**
 * A difference is held against the terms of its output. Allowed is half an ulp, 2^-24 of them, for each rounding on the longest way through either
 * graph, as if all of them erred to one side; a wrong merge is off by far more.
 */
export function termBook({ program, deployed, trained }: Deployment): TermBook {
  const sized = withTermSizes(program.deploy, deployed);
  const known = new WeakMap<Chunk, Promise<HostTensor>>();
  const graphs = trained ? [program.train, program.deploy] : [program.deploy, program.deploy];
  const roundings = graphs.reduce((sum, graph) => sum + countRoundings(graph), 0);
  const compute = async ({ input }: Chunk): Promise<HostTensor> => {
    const terms = (await runGraph(sized.graph, sized.weights, input)).get("terms");
    if (!terms) throw new Error("repqc bug: a graph without its terms");
    return terms;
  };
  return {
    tolerance: roundings * 2 ** -24,
    termsOf: (chunk) => {
      const found = known.get(chunk) ?? compute(chunk);
      known.set(chunk, found);
      return found;
    },
  };
}

/** Holds an engine's outputs against the reference's, relative to the terms that they are sums of. */
export class ToleranceJudge implements Judge {
  private readonly book: TermBook;
  private compared = 0;
  private differing = 0;
  private beyond = 0;
  private largest = 0;
  private largestOfTerms = 0;
  private readonly differences: Difference[] = [];

  constructor(book: TermBook) {
    this.book = book;
  }

  async compare(chunk: Chunk, expected: HostTensor, found: HostTensor): Promise<void> {
    const terms = await this.book.termsOf(chunk);
    this.compared += expected.data.length;
    for (let i = 0; i < expected.data.length; i++) {
      const [a, b] = [expected.data[i]!, found.data[i]!];
      if (a === b) continue;
      this.differing++;
      const distance = Number.isNaN(a - b) ? Infinity : Math.abs(a - b);
      const ofTerms = distance / terms.data[i]!;
      this.largest = Math.max(this.largest, distance);
      this.largestOfTerms = Math.max(this.largestOfTerms, ofTerms);
      if (ofTerms <= this.book.tolerance) continue;
      if (++this.beyond > mostKept) continue;
      const [example = 0, ...rest] = positionOf(i, expected.shape);
      const position = [chunk.first + example, ...rest];
      this.differences.push({ position, expected: a, found: b, size: ofTerms });
    }
  }

  verdict(): ToleranceVerdict {
    const { compared, differing, beyond, largest, largestOfTerms, differences } = this;
    const counts = { compared, differing, beyond, largest, largestOfTerms };
    const { tolerance } = this.book;
    return { kind: "tolerance", ...counts, tolerance, differences, isVerified: beyond === 0 };
  }
}
