import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createHandedFiles, setupPathsIn } from '#main/handed-files.ts';
import { afterAll, expect, test } from 'vitest';

const dir = mkdtempSync(join(tmpdir(), 'perpscope-handed-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test.skipIf(process.platform === 'win32')('of a command line its files of setups are handed over, and nothing else', () => {
  const args = [
    '/opt/Perpscope/perpscope',
    '--data-dir=x.perpsetup',
    'mine.perpsetup',
    '/elsewhere/Other.PERPSETUP',
    'file:///home/me/a%20b.perpsetup',
    'file://server/share/c.perpsetup',
    'file:///home/a%2Fb.perpsetup',
    'https://example.org/d.perpsetup',
    'app://bundle/e.perpsetup',
    'history.sqlite',
  ];
  expect(setupPathsIn(args, '/work')).toEqual([resolve('/work/mine.perpsetup'), '/elsewhere/Other.PERPSETUP', '/home/me/a b.perpsetup']);
});

test('the last of several is shown, once, and who waits for it is told', async () => {
  const [one, two] = [join(dir, 'one.perpsetup'), join(dir, 'two.perpsetup')];
  for (const path of [one, two]) writeFileSync(path, `{"of":"${path.at(-12)}"}`);
  const handed = createHandedFiles();
  let told = 0;
  handed.onHanded(() => (told += 1));
  handed.hand([]);
  expect([told, await handed.take()]).toEqual([0, null]);
  handed.hand([one, two]);
  expect(told).toBe(1);
  expect(await handed.take()).toEqual({ name: 'two.perpsetup', text: `{"of":"${two.at(-12)}"}`, wrong: null });
  expect(await handed.take()).toBeNull();
});

test.each([
  ['is too large', (path: string) => writeFileSync(path, 'x'.repeat(200_001))],
  ['is too large', (path: string) => writeFileSync(path, Buffer.alloc(800_001))],
  ['is no text', (path: string) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0x00]))],
  ['is no file', (path: string) => mkdirSync(path)],
  ['cannot be read', () => undefined],
] as const)('a file that %s is said to be so', async (why, make) => {
  const path = join(dir, `${why} \u202E.perpsetup`);
  rmSync(path, { recursive: true, force: true });
  make(path);
  const handed = createHandedFiles();
  handed.hand([path]);
  const file = await handed.take();
  expect(file?.text).toBeNull();
  expect(file?.wrong).toContain(why);
  expect(file?.wrong).toContain('\\u202e');
});
