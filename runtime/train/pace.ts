/** Judges by the steps so far how long the rest will take. */
export type Pace = (stepsLeft: number) => { readonly secondsLeft?: number };

/** A stopwatch, asked once after each step. The first step does not count: it also compiles and allocates. */
export function watchPace(now: () => number = () => performance.now()): Pace {
  let [start, steps] = [0, -1];
  return (stepsLeft) => {
    steps += 1;
    if (steps === 0) start = now();
    if (steps === 0) return {};
    return { secondsLeft: ((now() - start) / 1000 / steps) * stepsLeft };
  };
}
