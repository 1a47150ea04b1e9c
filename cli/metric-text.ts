/** A metric as people read it: `90.13 %`, `37.18 dB`, `∞ dB` of equal images, `no number`. */
export function metricText(name: string, value: number, digits = 2): string {
  if (Number.isNaN(value)) return "no number";
  if (name === "accuracy") return `${(100 * value).toFixed(digits)} %`;
  const number = Number.isFinite(value) ? value.toFixed(digits) : value > 0 ? "∞" : "−∞";
  return name === "psnr" ? `${number} dB` : number;
}
