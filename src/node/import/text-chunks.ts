import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { ImportError } from '#core/ports/import.ts';
import { unzipOnly, ZipError } from '../venues/common/unzip.ts';
import type { TextChunks } from './text-lines.ts';

/** What a file is, by its first bytes. */
export type Container = 'text' | 'zip' | 'gzip' | 'parquet';

const HEAD_BYTES = 4096;
/** A packed file is unpacked in memory or, where it is a stream, no further than this. */
const MOST_UNPACKED_BYTES = 512 * 1024 * 1024;
const MEBIBYTE = 1024 * 1024;

export async function containerOf(path: string): Promise<Container> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
    if (head.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004') return 'zip';
    return head[0] === 0x1f && head[1] === 0x8b ? 'gzip' : 'text';
  } finally {
    await handle.close();
  }
}

/** The text of a file, plain, in a zip of one file or packed with gzip: UTF-8 or, by its mark, UTF-16. Throws ImportError for any other. */
export async function* textChunks(path: string, container: Exclude<Container, 'parquet'>): TextChunks {
  const { size } = await stat(path);
  let decoder: TextDecoder | null = null;
  for await (const { bytes, share } of container === 'zip' ? unzipped(path) : streamed(path, container === 'gzip', size)) {
    decoder ??= decoderOf(bytes);
    yield { text: decode(decoder, bytes), share };
  }
  const end = decoder === null ? '' : decode(decoder, null);
  if (end !== '') yield { text: end, share: 1 };
}

interface Bytes {
  readonly bytes: Uint8Array;
  readonly share: number;
}

async function* streamed(path: string, isPacked: boolean, size: number): AsyncGenerator<Bytes> {
  const raw = createReadStream(path, { highWaterMark: 512 * 1024 });
  const stream: AsyncIterable<Uint8Array> = isPacked ? raw.pipe(createGunzip({ chunkSize: 256 * 1024 })) : raw;
  raw.on('error', (error) => raw.destroy(error));
  let unpacked = 0;
  try {
    for await (const bytes of stream) {
      unpacked += bytes.byteLength;
      if (isPacked && unpacked > MOST_UNPACKED_BYTES) throw tooLarge();
      yield { bytes, share: size === 0 ? 1 : Math.min(1, raw.bytesRead / size) };
    }
  } catch (error) {
    if (isPacked && error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw new ImportError('The file is packed with gzip and cut off or damaged. Fetch it again.');
    throw error;
  } finally {
    raw.destroy();
  }
}

async function* unzipped(path: string): AsyncGenerator<Bytes> {
  const { size } = await stat(path);
  if (size > MOST_UNPACKED_BYTES) throw tooLarge();
  let bytes: Buffer;
  try {
    bytes = unzipOnly(await readFile(path), MOST_UNPACKED_BYTES);
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    throw new ImportError(`This is ${error.message}. Unpack it and import what is in it; save a workbook of a spreadsheet as CSV.`);
  }
  const step = 512 * 1024;
  for (let at = 0; at < bytes.length; at += step)
    yield { bytes: bytes.subarray(at, at + step), share: Math.min(1, (at + step) / bytes.length) };
}

const tooLarge = (): ImportError =>
  new ImportError(
    `Unpacked the file has more than ${MOST_UNPACKED_BYTES / MEBIBYTE} MB. Unpack it, or split it by time and import the parts.`,
  );

function decoderOf(bytes: Uint8Array): TextDecoder {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be');
  // No text has a NUL; UTF-16 of Latin letters has one in every pair.
  if (bytes.subarray(0, HEAD_BYTES).includes(0))
    throw new ImportError('This is no text: it holds NUL bytes, as binary files and UTF-16 without its mark do. Save it as UTF-8.');
  return new TextDecoder('utf-8', { fatal: true });
}

function decode(decoder: TextDecoder, bytes: Uint8Array | null): string {
  try {
    return bytes === null ? decoder.decode() : decoder.decode(bytes, { stream: true });
  } catch (error) {
    if (error instanceof TypeError) throw new ImportError('This is not UTF-8. Save it as UTF-8.');
    throw error;
  }
}
