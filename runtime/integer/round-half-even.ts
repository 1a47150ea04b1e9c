/** Numbers of this size have an ulp of 1 in double precision. */
const unitUlp = 1.5 * 2 ** 52;

/**
 * Nearest integer, halves to the even one, for |value| up to 2^51. Adding a number whose ulp is 1 leaves the rounding to IEEE arithmetic
 * itself, which rounds half to even; `Math.round` would round halves up.
 */
export function roundHalfEven(value: number): number {
  return value + unitUlp - unitUlp;
}
