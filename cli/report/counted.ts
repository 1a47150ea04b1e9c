/** `12,800 steps`, `1 epoch`. */
export function counted(number: number, unit: string, units = `${unit}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? unit : units}`;
}
