/** 128 random bits, as 32 hexadecimal digits: a certificate names its seed so that anybody can repeat it. */
export type Seed = string;

/** A fresh seed. The bound of a proof counts the chance of an unlucky draw, so the draw must not be fixed beforehand. */
export function freshSeed(): Seed {
  const words = globalThis.crypto.getRandomValues(new Uint32Array(4));
  return [...words].map((word) => word.toString(16).padStart(8, "0")).join("");
}

export function isSeed(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** Draws numbers from 0 to prime - 1, all equally likely; `stream` gives one seed many independent sequences. */
export function randomElements(
  seed: Seed,
  stream: number,
  prime: number,
): (length: number) => Float64Array {
  const next = generator(seed, stream);
  const bits = Math.ceil(Math.log2(prime));
  return (length) => {
    const elements = new Float64Array(length);
    for (let index = 0; index < length;) {
      // Numbers beyond the prime are thrown away: folding them back would make small ones likelier.
      const drawn = next() >>> (32 - bits);
      if (drawn < prime) elements[index++] = drawn;
    }
    return elements;
  };
}

/** xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021): 32 bits a call. */
function generator(seed: Seed, stream: number): () => number {
  let [a, b, c, d] = stateOf(seed, stream);
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** Every bit of the seed and the stream reaches every word. */
function stateOf(seed: Seed, stream: number): [number, number, number, number] {
  const words = [0, 8, 16, 24].map((start) => Number.parseInt(seed.slice(start, start + 8), 16));
  let mixed = Math.imul(stream + 1, 0x9e3779b9);
  const stir = (word: number) => {
    mixed = Math.imul(mixed ^ word, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
    return (mixed ^= mixed >>> 13);
  };
  words.forEach(stir);
  const [a = 0, b = 0, c = 0, d = 0] = words.map((word) => word ^ stir(word));
  // A state of zeros would stay one.
  return (a | b | c | d) === 0 ? [1, 0, 0, 0] : [a, b, c, d];
}
