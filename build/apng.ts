import { crc32 } from 'node:zlib';

/** One picture of an animation, as a PNG, and how long it stands. */
export interface Frame {
  readonly png: Uint8Array;
  readonly ms: number;
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunksOf(png: Uint8Array): Chunk[] {
  const bytes = Buffer.from(png);
  if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('A frame is no PNG.');
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    chunks.push({ type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

function written({ type, data }: Chunk): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const dataOf = (chunks: readonly Chunk[]): Buffer => Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));

/**
 * PNGs of one size and colour type as one animated PNG that goes round and round (PNG, third edition, 11.3.6): each frame keeps its own
 * compressed rows, so nothing is decoded. What knows no animation shows the first.
 */
export function animated(frames: readonly Frame[]): Buffer {
  const [first] = frames;
  if (first === undefined) throw new Error('An animation has a frame at least.');
  const header = chunksOf(first.png)[0]?.data ?? Buffer.alloc(0);
  let sequence = 0;
  const numbered = (length: number): Buffer => {
    const data = Buffer.alloc(length);
    data.writeUInt32BE(sequence);
    sequence += 1;
    return data;
  };
  const parts = frames.flatMap(({ png, ms }, i): Chunk[] => {
    const chunks = chunksOf(png);
    if (chunks[0]?.data.equals(header) !== true) throw new Error(`Frame ${i} has another size or colour type than the first.`);
    const control = numbered(26);
    header.copy(control, 4, 0, 8); // Width and height; at 0, 0.
    control.writeUInt16BE(Math.round(ms), 20);
    control.writeUInt16BE(1000, 22);
    const picture = i === 0 ? { type: 'IDAT', data: dataOf(chunks) } : { type: 'fdAT', data: Buffer.concat([numbered(4), dataOf(chunks)]) };
    return [{ type: 'fcTL', data: control }, picture];
  });
  const plays = Buffer.alloc(8);
  plays.writeUInt32BE(frames.length);
  return Buffer.concat([
    SIGNATURE,
    ...[{ type: 'IHDR', data: header }, { type: 'acTL', data: plays }, ...parts, { type: 'IEND', data: Buffer.alloc(0) }].map(written),
  ]);
}
