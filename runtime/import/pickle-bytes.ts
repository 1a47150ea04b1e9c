import { damaged } from "./problems.ts";

const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder();

/** Reads on from a place in a pickle, little-endian. */
export class PickleBytes {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #file: string;
  /** Where the next byte is read. */
  at: number;

  constructor(bytes: Uint8Array, begin: number, file: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.at = begin;
  }

  uint8(): number {
    return this.#view.getUint8(this.#pass(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#pass(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#pass(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#pass(4), true);
  }

  /** A length of eight bytes; beyond the file in any case if it is beyond what a number holds exactly. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#pass(8), true));
  }

  /** The one number that pickles hold big-endian. */
  float64(): number {
    return this.#view.getFloat64(this.#pass(8), false);
  }

  bytes(length: number): Uint8Array {
    const begin = this.#pass(length);
    return this.#bytes.subarray(begin, begin + length);
  }

  text(length: number): string {
    return utf8.decode(this.bytes(length));
  }

  latin1(length: number): string {
    return latin1.decode(this.bytes(length));
  }

  /** Up to the end of the line, which is passed. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.at);
    if (end < 0) throw this.#cutOff();
    const text = this.text(end - this.at);
    this.at = end + 1;
    return text;
  }

  /** A whole number of so many bytes, two's complement. */
  integer(length: number): number | bigint {
    const bytes = this.bytes(length);
    let value = 0n;
    for (let index = length - 1; index >= 0; index--)
      value = (value << 8n) | BigInt(bytes[index] ?? 0);
    const signed = BigInt.asIntN(8 * length, value);
    const number = Number(signed);
    return Number.isSafeInteger(number) ? number : signed;
  }

  /** Passes so many bytes. @returns where they begin */
  #pass(length: number): number {
    const begin = this.at;
    if (length > this.#bytes.length - begin) throw this.#cutOff();
    this.at = begin + length;
    return begin;
  }

  #cutOff() {
    return damaged(this.#file, "is cut off or changed: its pickle ends in the middle");
  }
}
