import { damaged, quoted, unreadable } from "./problems.ts";

/** What the central directory of a zip file says of one entry. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  /** Bytes in the file, and once unpacked. */
  readonly packed: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const entrySignature = 0x02014b50;
const endBytes = 22;
const entryBytes = 46;
const longestComment = 0xffff;
const unset16 = 0xffff;
const unset32 = 0xffffffff;

interface Directory {
  readonly count: number;
  readonly begin: number;
  readonly size: number;
}

/**
 * The entries of a zip file, by its central directory (APPNOTE 6.3.10, sections 4.3 and 4.5.3; with zip64).
 * @throws CorruptFile, ForeignFile (encrypted or split in volumes)
 */
export function readDirectory(bytes: Uint8Array, file: string): ReadonlyMap<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, begin, size } = findDirectory(view, file);
  const end = begin + size;
  if (end > bytes.length) {
    throw damaged(file, "is cut off: its list of contents should end after the file's last byte");
  }
  const entries = new Map<string, ZipEntry>();
  let at = begin;
  for (let index = 0; index < count; index++) {
    if (at + entryBytes > end || view.getUint32(at, true) !== entrySignature) {
      throw damaged(file, `has a list of contents that breaks off before entry ${index + 1}`);
    }
    const lengths = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + entryBytes + lengths.reduce((a, b) => a + b, 0);
    if (next > end) throw damaged(file, "has a list of contents that is cut off");
    const entry = readEntry(view, at, file);
    if (entries.has(entry.name)) throw damaged(file, `holds ${quoted(entry.name)} twice`);
    entries.set(entry.name, entry);
    at = next;
  }
  return entries;
}

/** The record at the end of the file, or nothing where there is none: a comment may stand behind it. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - endBytes;
  for (let at = last; at >= Math.max(0, last - longestComment); at--) {
    const isEnd = view.getUint32(at, true) === endSignature;
    if (isEnd && at + endBytes + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  return undefined;
}

function findDirectory(view: DataView, file: string): Directory {
  const at = findEnd(view);
  if (at === undefined) {
    throw damaged(file, "is cut off: it begins as a zip file, but has no list of contents");
  }
  const locator = at - 20;
  if (locator >= 0 && view.getUint32(locator, true) === locator64Signature) {
    return directory64(view, readLarge(view, locator + 8, file), file);
  }
  if (view.getUint16(at + 4, true) !== 0) {
    throw unreadable(file, "it is one volume of a zip file in several");
  }
  const count = view.getUint16(at + 10, true);
  const [size, begin] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  return { count, size, begin };
}

function directory64(view: DataView, at: number, file: string): Directory {
  if (at + 56 > view.byteLength || view.getUint32(at, true) !== end64Signature) {
    throw damaged(file, "is a zip64 file without a list of contents");
  }
  const read = (field: number) => readLarge(view, at + field, file);
  return { count: read(32), size: read(40), begin: read(48) };
}

function readEntry(view: DataView, at: number, file: string): ZipEntry {
  const uint16 = (field: number) => view.getUint16(at + field, true);
  const uint32 = (field: number) => view.getUint32(at + field, true);
  const nameEnd = entryBytes + uint16(28);
  const nameBytes = new Uint8Array(
    view.buffer,
    view.byteOffset + at + entryBytes,
    nameEnd - entryBytes,
  );
  const name = new TextDecoder().decode(nameBytes);
  if ((uint16(8) & 1) === 1) throw unreadable(file, `${quoted(name)} in it is encrypted`);
  const extra = { at: at + nameEnd, end: at + nameEnd + uint16(30) };
  const fields = [uint32(24), uint32(20), uint32(42)] as const;
  const [size, packed, offset] = widened(view, fields, extra, file);
  if (uint16(34) !== 0 && uint16(34) !== unset16) {
    throw unreadable(file, "it is one volume of a zip file in several");
  }
  return { name, method: uint16(10), crc: uint32(16), packed, size, offset };
}

/** Size, packed size and offset; those of 32 ones stand in the zip64 field, in this order. */
function widened(
  view: DataView,
  fields: readonly [number, number, number],
  extra: { readonly at: number; readonly end: number },
  file: string,
): readonly [number, number, number] {
  if (!fields.includes(unset32)) return fields;
  for (let at = extra.at; at + 4 <= extra.end;) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1 && end <= extra.end) {
      let next = at + 4;
      const take = (field: number): number => {
        if (field !== unset32) return field;
        next += 8;
        if (next > end) throw damaged(file, "has a zip64 entry without its sizes");
        return readLarge(view, next - 8, file);
      };
      return [take(fields[0]), take(fields[1]), take(fields[2])];
    }
    at = end;
  }
  throw damaged(file, "has a zip64 entry without its sizes");
}

/** An unsigned 64-bit number that must be a place or length in this file. */
function readLarge(view: DataView, at: number, file: string): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw damaged(file, `has a list of contents that speaks of ${value} bytes`);
  }
  return Number(value);
}
