/** A number of the deployed graph that another engine may rightly compute otherwise. */
export interface Doubt {
  /**
   * `tie`: a quantizer's quotient lies exactly between two levels, and engines round such a number up or down. `float32`: a sum whose terms'
   * magnitudes add up to more than 2^24, which an engine that adds in float32 rounds on the way.
   */
  readonly kind: "tie" | "float32";
  /** Of the quantizer, as `s1.0.input`, or of the sum, as `s1.0`. */
  readonly path: string;
  /** [example, row, column, channel] or [example, channel]. */
  readonly position: readonly number[];
  /** The quotient, or the sum of levels. */
  readonly value: number;
}

/** Collects doubts, which are then known by their numbers from 1 on. */
export class Doubts {
  readonly all: Doubt[] = [];

  /** @returns the doubt's number */
  add(kind: Doubt["kind"], path: string, position: readonly number[], value: number): number {
    this.all.push({ kind, path, position, value });
    return this.all.length;
  }
}

/** Indices along each axis of the number at `index`. */
export function positionOf(index: number, shape: readonly number[]): readonly number[] {
  const position: number[] = [];
  for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
    const size = shape[axis] ?? 1;
    position.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return position;
}
