import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Outbox } from '#node/postgres/outbox.ts';
import { tempDir } from '../history/support.ts';

const pathOf = (): string => join(tempDir(), 'outbox.bin');
const open = (path: string, most = 1e6): Outbox<string> => new Outbox<string>(path, most);
/** All that waits, taken out. */
function drained(outbox: Outbox<string>): string[] {
  const all: string[] = [];
  for (let entry = outbox.first(); entry !== null; entry = outbox.first()) {
    all.push(entry);
    outbox.shift();
  }
  return all;
}

test('oldest first, over an end of the process, and what was taken out does not come again', () => {
  const path = pathOf();
  const first = open(path);
  for (const entry of ['a', 'b', 'c', 'd']) expect(first.put(entry)).toBe(true);
  expect([first.first(), first.count]).toEqual(['a', 4]);
  first.shift();
  first.shift();
  // Ends without a word.
  const second = open(path);
  expect(second.count).toBe(2);
  second.put('e');
  expect(drained(second)).toEqual(['c', 'd', 'e']);
  expect(statSync(path).size).toBe(8);
  expect(drained(open(path))).toEqual([]);
  first.close();
});

test('it holds so much and no more; what is taken out makes room, and the file does not grow by it', () => {
  const path = pathOf();
  const long = (n: number): string => String(n).padStart(100, '.');
  // An entry takes its length (4 bytes) and what v8 makes of 100 letters: 104.
  const outbox = open(path, 3 * 108);
  expect([0, 1, 2, 3].map((n) => outbox.put(long(n)))).toEqual([true, true, true, false]);
  for (let n = 3; n < 50; n++) {
    expect(outbox.first()).toBe(long(n - 3));
    outbox.shift();
    expect(outbox.put(long(n))).toBe(true);
    expect(statSync(path).size).toBeLessThanOrEqual(8 + 3 * 108);
  }
  expect(drained(open(path))).toEqual([47, 48, 49].map(long));
});

test('an entry that was not written to its end is cut off, one that cannot be read is passed over and counted', () => {
  const path = pathOf();
  const outbox = open(path);
  for (const entry of ['first', 'second', 'third']) outbox.put(entry);
  outbox.close();
  const bytes = readFileSync(path);
  // v8 writes the letters as they are: the second entry becomes no value at all.
  const at = bytes.indexOf('second');
  bytes.fill(0xff, at - 4, at + 6);
  writeFileSync(path, bytes);
  appendFileSync(path, Buffer.from([200, 0, 0, 0, 1, 2, 3]));
  const again = open(path);
  expect(again.count).toBe(3);
  expect(drained(again)).toEqual(['first', 'third']);
  expect([again.count, again.unreadable]).toEqual([0, 1]);
});
