import type { HostTensor } from "../safetensors.ts";
import type { DoubtBook, ExampleDoubts } from "./doubt-book.ts";
import { positionOf } from "./doubt/doubt.ts";
import type { Chunk, Judge } from "./judge.ts";
import { rarity, type BitVerdict, type Difference, type Unexplained } from "./verdict.ts";

/** Examples whose doubts are looked for, for each engine. */
const mostExamined = 256;
/** Of these, examples with differences that stay unexplained. */
const mostFailed = 8;
/** Unexplained differences that are kept; the rest is counted. */
const mostKept = 100;

/** Holds an engine's outputs against the reference's, bit by bit, and looks for what explains each difference. */
export class BitJudge implements Judge {
  private readonly book: DoubtBook;
  private compared = 0;
  private differing = 0;
  private explained = 0;
  private unexplained = 0;
  private largest = 0;
  private largestSteps = 0;
  private examined = 0;
  private failed = 0;
  private readonly differences: Difference[] = [];

  constructor(book: DoubtBook) {
    this.book = book;
  }

  async compare(chunk: Chunk, expected: HostTensor, found: HostTensor): Promise<void> {
    const [examples = 1] = expected.shape;
    const size = expected.data.length / examples;
    this.compared += expected.data.length;
    for (let example = 0; example < examples; example++) {
      const [from, to] = [example * size, (example + 1) * size];
      const whole = [expected.data.subarray(from, to), found.data.subarray(from, to)] as const;
      const differs = differingIn(...whole);
      if (differs.length === 0) continue;
      const doubts = this.isLooking() ? this.book.open(chunk, example) : undefined;
      // Executing the example by each rule takes time.
      const mayBe = differs.every((local) => doubts?.bounds.doubtOf(local));
      const isByRules = mayBe && doubts !== undefined && whole.every(doubts.isByOneRule);
      const place = { chunk, example, shape: expected.shape };
      const before = this.unexplained;
      for (const local of differs) this.weigh({ whole, local, doubts, isByRules }, place);
      this.examined++;
      if (this.unexplained > before) this.failed++;
    }
  }

  /** What is explained is rare, and a few examples show an engine that is wrong. */
  private isLooking(): boolean {
    return this.examined < mostExamined && this.failed < mostFailed;
  }

  private weigh(seen: Seen, place: Place): void {
    const { whole, local, doubts } = seen;
    const [a, b] = [whole[0][local]!, whole[1][local]!];
    const { steps } = this.book;
    const distance = Number.isNaN(a - b) ? Infinity : Math.abs(a - b);
    const size = distance / steps[local % steps.length]!;
    const doubt = doubts?.bounds.doubtOf(local);
    const unexplained = reasonAgainst(seen, size);
    this.differing++;
    this.largest = Math.max(this.largest, distance);
    this.largestSteps = Math.max(this.largestSteps, size);
    if (unexplained === undefined) this.explained++;
    else if (++this.unexplained > mostKept) return;
    const [, ...where] = positionOf(local, place.shape);
    const at = (rest: readonly number[]) => [place.chunk.first + place.example, ...rest];
    this.differences.push({
      position: at(where),
      expected: a,
      found: b,
      size,
      ...(doubt && { doubt: { ...doubt, position: at(doubt.position.slice(1)) } }),
      ...(unexplained && { unexplained }),
    });
  }

  verdict(): BitVerdict {
    const { compared, differing, explained, largest, largestSteps, differences } = this;
    const isTooOften = explained * rarity >= compared && explained > 0;
    const isVerified = this.unexplained === 0 && !isTooOften;
    const counts = { compared, differing, explained, largest, largestSteps };
    return { kind: "bits", ...counts, differences, isTooOften, isVerified };
  }
}

/** A differing output of an example. */
interface Seen {
  /** The example's outputs: the reference's, and the engine's. */
  readonly whole: readonly [Float32Array, Float32Array];
  readonly local: number;
  readonly doubts: ExampleDoubts | undefined;
  /** Whether each of the two has all its outputs from one rule for halves. */
  readonly isByRules: boolean;
}

interface Place {
  readonly chunk: Chunk;
  readonly example: number;
  /** Of all outputs. */
  readonly shape: readonly number[];
}

/**
 * Why a difference is not explained. It is where the example, executed once more with a rule for halves, gives just what the two engines gave;
 * where none does (they may mix rules, or sums were rounded on the way), where both numbers lie within what the doubts can cause, one step of
 * the output apart at most.
 */
function reasonAgainst(
  { whole, local, doubts, isByRules }: Seen,
  steps: number,
): Unexplained | undefined {
  if (!doubts) return "not examined";
  const { low, high, doubtOf } = doubts.bounds;
  if (!doubtOf(local)) return "nothing in doubt";
  if (isByRules) return undefined;
  const isWithin = (number: number) => low.data[local]! <= number && number <= high.data[local]!;
  if (!whole.every((outputs) => isWithin(outputs[local]!))) return "beyond the doubt";
  // Both numbers are rounded to float32, twice each.
  return steps <= 1 + 1e-5 ? undefined : "more than a step";
}

/** Which values of an example are not equal. */
function differingIn(a: Float32Array, b: Float32Array): readonly number[] {
  const found: number[] = [];
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) found.push(i);
  return found;
}
