import { deflateRawSync } from "node:zlib";
import { crc32 } from "../../runtime/import/crc32.ts";

export interface ZipOptions {
  readonly isDeflated?: boolean;
  /** Sizes and places in the zip64 records. */
  readonly is64?: boolean;
}

/** A zip file of some entries, as other programs write them. */
export function writeZip(
  entries: ReadonlyMap<string, Uint8Array>,
  { isDeflated = false, is64 = false }: ZipOptions = {},
): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, data] of entries) {
    const packed = isDeflated ? deflateRawSync(data) : Buffer.from(data);
    const nameBytes = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(nameBytes.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(isDeflated ? 8 : 0, 10);
    central.writeUInt32LE(crc32(data), 16);
    central.writeUInt16LE(nameBytes.length, 28);
    const extra = Buffer.alloc(is64 ? 28 : 0);
    const sizes = [packed.length, data.length, at];
    if (is64) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      for (const [index, size] of [data.length, packed.length, at].entries())
        extra.writeBigUInt64LE(BigInt(size), 4 + 8 * index);
    }
    central.writeUInt16LE(extra.length, 30);
    for (const [index, field] of [20, 24, 42].entries())
      central.writeUInt32LE(is64 ? 0xffffffff : sizes[index]!, field);
    parts.push(local, nameBytes, packed);
    directory.push(central, nameBytes, extra);
    at += local.length + nameBytes.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = endRecord(entries.size, list.length, at, is64);
  return new Uint8Array(Buffer.concat([...parts, list, end]));
}

function endRecord(count: number, size: number, begin: number, is64: boolean): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(is64 ? 0xffff : count, 10);
  end.writeUInt32LE(is64 ? 0xffffffff : size, 12);
  end.writeUInt32LE(is64 ? 0xffffffff : begin, 16);
  if (!is64) return end;
  const large = Buffer.alloc(56);
  large.writeUInt32LE(0x06064b50, 0);
  for (const [index, value] of [count, count, size, begin].entries())
    large.writeBigUInt64LE(BigInt(value), 24 + 8 * index);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(begin + size), 8);
  return Buffer.concat([large, locator, end]);
}
