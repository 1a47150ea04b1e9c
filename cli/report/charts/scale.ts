export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Where numbers of a domain lie on a line of pixels. */
export interface Scale {
  /** Pixel of a number. */
  readonly at: (value: number) => number;
  readonly ticks: readonly Tick[];
  readonly domain: Span;
}

export type Span = readonly [from: number, to: number];

export interface ScaleOptions {
  readonly domain: Span;
  readonly range: Span;
  /** About how many ticks. */
  readonly count?: number;
  /** Ends on ticks; otherwise on the domain's own ends. */
  readonly isRounded?: boolean;
  readonly format?: (value: number) => string;
}

/** Equal steps of 1, 2 or 5 times a power of ten. */
export function linearScale(options: ScaleOptions): Scale {
  const { range, count = 5, isRounded = true } = options;
  const [low, high] = widened(options.domain);
  const step = tickStep((high - low) / count);
  const first = isRounded ? Math.floor(low / step + slack) : Math.ceil(low / step - slack);
  const last = isRounded ? Math.ceil(high / step - slack) : Math.floor(high / step + slack);
  const values = Array.from({ length: last - first + 1 }, (_, index) =>
    clean((first + index) * step),
  );
  const domain: Span = isRounded ? [clean(first * step), clean(last * step)] : [low, high];
  const format = options.format ?? ((value: number) => plain(value, step));
  return {
    at: (value) =>
      range[0] + ((value - domain[0]) / (domain[1] - domain[0])) * (range[1] - range[0]),
    ticks: values.map((value) => ({ value, label: format(value) })),
    domain,
  };
}

/** Powers of ten, with 2 and 5 between them where there are few. @param options of a positive domain */
export function logScale({ domain, range, format = power }: ScaleOptions): Scale {
  const [low, high] = [Math.log10(domain[0]), Math.log10(domain[1])];
  const ends: Span = [
    Math.floor(low + slack),
    Math.max(Math.floor(low + slack) + 1, Math.ceil(high - slack)),
  ];
  const parts = ends[1] - ends[0] <= 2 ? [1, 2, 5] : [1];
  const values: number[] = [];
  for (let exponent = ends[0]; exponent <= ends[1]; exponent++) {
    for (const part of exponent === ends[1] ? [1] : parts)
      values.push(clean(part * 10 ** exponent));
  }
  const span = ends[1] - ends[0];
  return {
    at: (value) => range[0] + ((Math.log10(value) - ends[0]) / span) * (range[1] - range[0]),
    ticks: values.map((value) => ({ value, label: format(value) })),
    domain: [10 ** ends[0], 10 ** ends[1]],
  };
}

/** Smaller numbers are as good as 0. */
const tiny = 1e-12;

/** What float arithmetic may be off by, in steps. */
const slack = 1e-9;

/** A domain of one number, or hardly more, has no length to draw on. */
function widened([low, high]: Span): Span {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (size < tiny) return [-1, 1];
  if (high - low > 1e-8 * size) return [low, high];
  const margin = 0.1 * size;
  return [low - margin, low + margin];
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below. */
export function tickStep(least: number): number {
  const unit = 10 ** Math.floor(Math.log10(least) + slack);
  const factor = [1, 2, 5, 10].find((one) => one * unit >= least * (1 - slack)) ?? 10;
  return factor * unit;
}

/** Without the last bits' noise: 0.30000000000000004 is 0.3. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}

/** As many decimals as tell neighbouring ticks apart. */
function plain(value: number, step: number): string {
  if (step < 1e-3 || Math.abs(value) >= 1e6) return power(value);
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + slack))).replace("-", "−");
}

/** `0.02`, `1e-5`. */
function power(value: number): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text =
    size >= 1e-3 && size < 1e6 ? String(value) : value.toExponential().replace("e+", "e");
  return text.replaceAll("-", "−");
}

/** Smallest and largest of numbers; [0, 1] of none. */
export function spanOf(values: readonly number[]): Span {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}
