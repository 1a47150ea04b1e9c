const units = ["", "k", "M", "G", "T", "P"] as const;

/** A count with three digits that matter: 512, 8.31 M, 1.36 G. */
export function inUnits(count: number): string {
  let [value, unit] = [count, 0];
  // 999.5 would be shown as 1000.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[unit] ?? ""}`.trimEnd();
}

/** 9.28 kB. */
export function bytesInUnits(count: number): string {
  const text = inUnits(count);
  return /\D$/.test(text) ? `${text}B` : `${text} B`;
}
