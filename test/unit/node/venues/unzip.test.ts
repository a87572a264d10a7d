import { expect, test } from 'vitest';
import { unzipOnly } from '#node/venues/common/unzip.ts';
import { zipOf } from '#node/venues/common/zip.ts';
import { DEFLATED, STORED, TEXT, TWO } from '#test/support/zips.ts';

test('the one file of a zip of another program, packed or not, is what was packed', () => {
  for (const zip of [DEFLATED, STORED]) expect(unzipOnly(zip, 10_000).toString()).toBe(TEXT);
  expect(unzipOnly(zipOf('a.csv', TEXT), 10_000).toString()).toBe(TEXT);
  // A comment at the end is part of the form.
  const commented = Buffer.concat([DEFLATED.subarray(0, -2), Buffer.from([5, 0]), Buffer.from('hello')]);
  expect(unzipOnly(commented, 10_000).toString()).toBe(TEXT);
});

test('what is no such zip says what is wrong with it, and reads nothing beyond its end', () => {
  const changed = (at: number, value: number): Buffer => {
    const zip = Buffer.from(DEFLATED);
    zip[at] = value;
    return zip;
  };
  const entry = DEFLATED.length - 22 - 77;
  expect(() => unzipOnly(TWO, 10_000)).toThrow('a zip of 2 files');
  expect(() => unzipOnly(Buffer.from('not a zip at all, but text of some length'), 10_000)).toThrow('no zip, or one that is cut off');
  expect(() => unzipOnly(changed(80, 0xff), 10_000)).toThrow(/cannot be unpacked|not what it was packed as/u);
  expect(() => unzipOnly(changed(entry + 16, 0), 10_000)).toThrow('not what it was packed as');
  expect(() => unzipOnly(changed(entry + 8, 1), 10_000)).toThrow('password');
  expect(() => unzipOnly(changed(entry + 10, 14), 10_000)).toThrow('packed in way 14');
  // Cut anywhere, or with any byte another one: a ZipError, never a fault of this program.
  for (let at = 0; at < DEFLATED.length; at++) {
    expect(() => unzipOnly(DEFLATED.subarray(0, at), 10_000)).toThrow(expect.objectContaining({ name: 'ZipError' }) as Error);
    for (const value of [0, 0xff]) {
      try {
        expect(unzipOnly(changed(at, value), 10_000).toString()).toBe(TEXT);
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'ZipError') throw error;
      }
    }
  }
});

test('a bomb is stopped at the limit while it is unpacked, also where it states a small size', () => {
  const bomb = zipOf('a.csv', '0'.repeat(50_000_000));
  expect(bomb.length).toBeLessThan(100_000);
  expect(() => unzipOnly(bomb, 1_000_000)).toThrow('more than 1000000 bytes');
  const lying = Buffer.from(bomb);
  lying.writeUInt32LE(100, lying.length - 22 - 51 + 24);
  const before = process.memoryUsage.rss();
  expect(() => unzipOnly(lying, 1_000_000)).toThrow('more than 1000000 bytes');
  expect(process.memoryUsage.rss() - before).toBeLessThan(20_000_000);
});
