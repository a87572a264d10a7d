import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createMachine, withoutPlaces } from '#node/machine.ts';

const dir = mkdtempSync(join(tmpdir(), 'perpscope-machine-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const linux = { dataDir: '/home/mira/.config/Perpscope', home: '/home/mira', user: 'mira', machine: 'miras-laptop' };
const windows = {
  dataDir: 'C:\\Users\\mira\\AppData\\Roaming\\Perpscope',
  home: 'C:\\Users\\mira',
  user: 'mira',
  machine: 'MIRA-PC',
};

test.each([
  ['Data: /home/mira/.config/Perpscope/logs', linux, 'Data: <data>/logs'],
  ['at file:///home/mira/src/x.ts', linux, 'at file://~/src/x.ts'],
  ['/home/other/x and /Users/other/y', linux, '/home/<user>/x and /Users/<user>/y'],
  ['of mira on miras-laptop, not admiral', linux, 'of <user> on <machine>, not admiral'],
  ['{"p":"C:\\\\Users\\\\mira\\\\AppData\\\\Roaming\\\\Perpscope"}', windows, '{"p":"<data>"}'],
  ['C:\\Users\\other\\x', windows, 'C:\\Users\\<user>\\x'],
  ['"proxy":"socks5://me:secret@proxy.example:1080"', linux, '"proxy":"socks5://***@proxy.example:1080"'],
])('a report says nothing of whose machine it is: %s', (text, places, clean) => {
  expect(withoutPlaces(text, places)).toBe(clean);
});

test('of a long log the last lines are told, whole', async () => {
  const line = (n: number): string => `{"n":${n},"text":"${'x'.repeat(2000)}"}`;
  writeFileSync(join(dir, 'perpscope.log'), `${Array.from({ length: 200 }, (_, n) => line(n)).join('\n')}\n`);
  const tail = (await createMachine({ dataDir: dir, logs: dir }).logTail()).split('\n');
  expect(tail.at(-1)).toBe(line(199));
  expect(tail.length).toBeLessThanOrEqual(100);
  expect(tail.every((text) => text.startsWith('{"n":'))).toBe(true);
});

test('a program of several processes is counted whole', () => {
  const one = createMachine({ dataDir: dir, logs: dir });
  expect(one.memory()).toBeGreaterThan(10_000_000);
  expect(one.memory()).toBeLessThan(one.memoryLimit);
  expect(createMachine({ dataDir: dir, logs: dir, memory: () => 7 }).memory()).toBe(7);
});
