import { constants } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { UsageError } from './usage.ts';

/** The longest text that Node can hold; a file of more bytes is refused before it is read. */
const MOST_BYTES = constants.MAX_STRING_LENGTH;
const MEBIBYTE = 1024 * 1024;

/**
 * Whole text of a file, or of standard input for null: UTF-8 or, by its byte order mark, UTF-16. The mark is left out.
 * Throws UsageError for a file that is too large or in another encoding, and the system's error where there is none.
 */
export async function readTextFile(file: string | null, mostBytes: number = MOST_BYTES): Promise<string> {
  if (file !== null) {
    const { size } = await stat(file);
    if (size > mostBytes) throw tooLarge(`It has ${inMebibytes(size)} MB`, mostBytes);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const stream: AsyncIterable<Uint8Array> = file === null ? process.stdin : createReadStream(file);
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) throw tooLarge(`It has more than ${inMebibytes(mostBytes)} MB`, mostBytes);
    chunks.push(chunk);
  }
  return decodeText(Buffer.concat(chunks, bytes));
}

const inMebibytes = (bytes: number): string => String(Math.round(bytes / MEBIBYTE));

const tooLarge = (what: string, mostBytes: number): UsageError =>
  new UsageError(`${what}; at most ${inMebibytes(mostBytes)} MB are read at once. Split it by time and give a part.`);

/** Text of the bytes of a file, without its byte order mark. Throws UsageError that names the encoding it seems to have. */
export function decodeText(bytes: Uint8Array): string {
  // UTF-32 begins as UTF-16 does, with a NUL behind it.
  const wide = bytes[2] === 0 && bytes[3] === 0;
  if (bytes[0] === 0xff && bytes[1] === 0xfe && !wide) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  // No text has a NUL; UTF-16 of Latin letters has one in every pair.
  if (bytes.subarray(0, 4096).includes(0))
    throw new UsageError('This is no text: it holds NUL bytes, as binary files and UTF-16 without its mark do. Save it as UTF-8.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError('This is not UTF-8. Save it as UTF-8.');
    throw error;
  }
}
