import { crc32, deflateRawSync } from 'node:zlib';

/** Of every file in it, as a zip writes days: 1 January 1980. */
const FIRST_DAY = 0x21;
const VERSION = 20;
const DEFLATED = 8;

/** A zip of one file, for the demo and the fakes: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7, 4.3.12, 4.3.16. */
export function zipOf(name: string, text: string): Buffer {
  const [bytes, file] = [Buffer.from(text), Buffer.from(name)];
  const packed = deflateRawSync(bytes);
  const shared = Buffer.alloc(26);
  [VERSION, 0, DEFLATED, 0, FIRST_DAY].forEach((value, i) => shared.writeUInt16LE(value, i * 2));
  [crc32(bytes), packed.length, bytes.length].forEach((value, i) => shared.writeUInt32LE(value, 10 + i * 4));
  shared.writeUInt16LE(file.length, 22);
  const local = Buffer.concat([signature(0x04034b50), shared, file, packed]);
  const version = Buffer.alloc(2);
  version.writeUInt16LE(VERSION);
  const entry = Buffer.concat([signature(0x02014b50), version, shared, Buffer.alloc(14), file]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
