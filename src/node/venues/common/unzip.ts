import { crc32, inflateRawSync } from 'node:zlib';

/** Signatures and sizes of the records that are read: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7, 4.3.12, 4.3.16. */
const END = { signature: 0x06054b50, bytes: 22 };
const ENTRY = { signature: 0x02014b50, bytes: 46 };
const LOCAL = { signature: 0x04034b50, bytes: 30 };
const LONGEST_COMMENT = 65_535;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

/** `message` says what is wrong with the file, for the log. */
export class ZipError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ZipError';
  }
}

/**
 * The bytes of the one file that a zip holds. Throws ZipError for anything else, also where it unpacks to more than `maxBytes`: the limit
 * holds while it is unpacked, whatever size the zip states.
 */
export function unzipOnly(zip: Buffer, maxBytes: number): Buffer {
  const end = endOf(zip);
  const entries = zip.readUInt16LE(end + 10);
  if (entries !== 1) throw new ZipError(`a zip of ${entries} files, not of one`);
  const at = zip.readUInt32LE(end + 16);
  if (at + ENTRY.bytes > zip.length || zip.readUInt32LE(at) !== ENTRY.signature) throw new ZipError('a zip without its list of files');
  const method = zip.readUInt16LE(at + 10);
  const [sum, packed, size] = [zip.readUInt32LE(at + 16), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)];
  const local = zip.readUInt32LE(at + 42);
  if ((zip.readUInt16LE(at + 8) & ENCRYPTED) !== 0) throw new ZipError('a zip with a password');
  if (size > maxBytes) throw tooMuch(maxBytes);
  if (local + LOCAL.bytes > zip.length || zip.readUInt32LE(local) !== LOCAL.signature) throw new ZipError('a zip whose file is missing');
  const start = local + LOCAL.bytes + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  if (start + packed > zip.length) throw new ZipError('a zip that is cut off');
  const bytes = unpack(zip.subarray(start, start + packed), method, maxBytes);
  if (bytes.length !== size || crc32(bytes) !== sum) throw new ZipError('a zip whose file is not what it was packed as');
  return bytes;
}

/** Where the record at the end begins; a comment may follow it. */
function endOf(zip: Buffer): number {
  for (let at = zip.length - END.bytes; at >= Math.max(0, zip.length - END.bytes - LONGEST_COMMENT); at--)
    if (zip.readUInt32LE(at) === END.signature) return at;
  throw new ZipError('no zip, or one that is cut off');
}

const tooMuch = (maxBytes: number): ZipError => new ZipError(`a zip that unpacks to more than ${maxBytes} bytes`);

function unpack(packed: Buffer, method: number, maxBytes: number): Buffer {
  if (method === STORED) {
    if (packed.length > maxBytes) throw tooMuch(maxBytes);
    return packed;
  }
  if (method !== DEFLATED) throw new ZipError(`a zip packed in way ${method}, which is not read here`);
  try {
    return inflateRawSync(packed, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) throw tooMuch(maxBytes);
    throw new ZipError(`a zip that cannot be unpacked (${error instanceof Error ? error.message : String(error)})`);
  }
}
