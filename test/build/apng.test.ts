import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { animated } from '../../build/apng.ts';

/** A PNG of one pixel, its rows in two chunks as encoders write them; sums of chunks are not looked at. */
function png(red: number, width = 1): Uint8Array {
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  const rows = deflateSync(Buffer.from([0, red, 0, 0]));
  const chunk = (type: string, data: Buffer): Buffer =>
    Buffer.concat([Buffer.from([0, 0, 0, data.length]), Buffer.from(type), data, Buffer.alloc(4)]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', rows.subarray(0, 3)),
    chunk('IDAT', rows.subarray(3)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunks(bytes: Buffer): { type: string; data: Buffer }[] {
  const found = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    found.push({ type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return found;
}

it('writes what the standard says of an animated PNG', () => {
  const written = animated([
    { png: png(10), ms: 500 },
    { png: png(20), ms: 1250 },
  ]);
  const parts = chunks(written);
  // PNG, third edition, 11.3.6: acTL before the rows, fcTL and fdAT numbered as one sequence.
  expect(parts.map(({ type }) => type)).toEqual(['IHDR', 'acTL', 'fcTL', 'IDAT', 'fcTL', 'fdAT', 'IEND']);
  expect([...(parts[1]?.data ?? [])]).toEqual([0, 0, 0, 2, 0, 0, 0, 0]);
  const control = (i: number): number[] => {
    const data = parts[i]?.data ?? Buffer.alloc(26);
    return [0, 4, 8, 12, 16].map((at) => data.readUInt32BE(at)).concat(data.readUInt16BE(20), data.readUInt16BE(22));
  };
  // Number, width, height, x, y, delay in ms.
  expect(control(2)).toEqual([0, 1, 1, 0, 0, 500, 1000]);
  expect(control(4)).toEqual([1, 1, 1, 0, 0, 1250, 1000]);
  expect(parts[5]?.data.readUInt32BE(0)).toBe(2);
  expect(parts[3]?.data).toEqual(deflateSync(Buffer.from([0, 10, 0, 0])));
  expect(parts[5]?.data.subarray(4)).toEqual(deflateSync(Buffer.from([0, 20, 0, 0])));
  // The sum of an empty IEND, as in every PNG.
  expect(written.subarray(-4).toString('hex')).toBe('ae426082');
});

it('refuses frames that do not fit together', () => {
  expect(() => animated([])).toThrow('a frame at least');
  expect(() =>
    animated([
      { png: png(1), ms: 1 },
      { png: png(1, 2), ms: 1 },
    ]),
  ).toThrow('Frame 1 has another size');
  expect(() => animated([{ png: Buffer.from('GIF89a  '), ms: 1 }])).toThrow('no PNG');
});
