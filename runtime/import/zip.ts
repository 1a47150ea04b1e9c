import { crc32 } from "./crc32.ts";
import { inflateRaw } from "./inflate-raw.ts";
import { damaged, quoted, unreadable } from "./problems.ts";
import { readDirectory, type ZipEntry } from "./zip-directory.ts";

/** A zip file whose entries are read when they are asked for. */
export interface Zip {
  readonly names: readonly string[];
  /** Unpacked size of an entry in bytes, as the directory says; nothing where there is no such entry. */
  size(name: string): number | undefined;
  /**
   * An entry's bytes, unpacked and held against their checksum. Stored ones are a view of the file.
   * @param most bytes that it may unpack to; stored ones cost nothing and may be longer
   * @throws CorruptFile (no such entry among others), ForeignFile (packed in another way than deflate)
   */
  read(name: string, most: number): Promise<Uint8Array>;
}

const stored = 0;
const deflated = 8;
const localBytes = 30;
/** Deflate cannot pack better than this: 258 bytes in two bits. */
const mostGain = 1032;
/** All that is ever unpacked of one file: checkpoints are stored, and a small file must not fill the memory. */
const mostUnpacked = 2 ** 30;

/** Whether bytes begin as a zip file does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** @throws CorruptFile, ForeignFile */
export function openZip(bytes: Uint8Array, file: string): Zip {
  const entries = readDirectory(bytes, file);
  let unpacked = 0;
  const unpack = async (entry: ZipEntry, data: Uint8Array, most: number): Promise<Uint8Array> => {
    const claim = `claims that ${quoted(entry.name)} unpacks to ${entry.size} bytes`;
    if (entry.size > most) throw damaged(file, `${claim}, and ${most} are the most it may have`);
    unpacked += entry.size;
    if (entry.size > data.length * mostGain || unpacked > mostUnpacked) throw damaged(file, claim);
    // No more than claimed is ever unpacked, so that a false claim is found early, too.
    const whole = await inflateRaw(data, entry.size);
    if (whole === undefined) throw damaged(file, `has a broken entry ${quoted(entry.name)}`);
    return whole;
  };
  return {
    names: [...entries.keys()],
    size: (name) => entries.get(name)?.size,
    async read(name, most) {
      const entry = entries.get(name);
      if (entry === undefined) throw damaged(file, `has no entry ${quoted(name)}`);
      const data = packedBytes(bytes, entry, file);
      const whole = entry.method === deflated ? await unpack(entry, data, most) : data;
      if (crc32(whole) !== entry.crc) {
        throw damaged(file, `has an entry ${quoted(name)} that does not fit its checksum`);
      }
      return whole;
    },
  };
}

function packedBytes(bytes: Uint8Array, entry: ZipEntry, file: string): Uint8Array {
  const { name, method, packed, size, offset } = entry;
  if (method !== stored && method !== deflated) {
    throw unreadable(file, `${quoted(name)} in it is packed by method ${method}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isHeader =
    offset + localBytes <= bytes.length && view.getUint32(offset, true) === 0x04034b50;
  if (!isHeader) throw damaged(file, `has no data for ${quoted(name)} where they should be`);
  const lengths = view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const begin = offset + localBytes + lengths;
  if (begin + packed > bytes.length) {
    throw damaged(file, `is cut off: ${quoted(name)} should have ${packed} bytes`);
  }
  if (method === stored && packed !== size) {
    throw damaged(file, `gives ${quoted(name)} two lengths, ${packed} and ${size} bytes`);
  }
  return bytes.subarray(begin, begin + packed);
}
