import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Lockbox, openPasswords } from '#node/proxy/passwords-file.ts';

const box: Lockbox = {
  isSafe: () => Promise.resolve(true),
  lock: (text) => Promise.resolve(Buffer.from(`locked ${text}`).toString('base64')),
  unlock: (locked) => {
    const [, text] = /^locked (.*)$/u.exec(Buffer.from(locked, 'base64').toString()) ?? [];
    return text === undefined ? Promise.reject(new Error('another user locked it')) : Promise.resolve(text);
  },
};
const A = 'http://me@a.example:8080';
const B = 'socks5://me@b.example:1080';
let dir: string;
let file: string;
let logged: string[];
const open = (lockbox: Lockbox | null = box) => openPasswords(file, lockbox, { write: (_level, _area, text) => void logged.push(text) });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-passwords-'));
  file = join(dir, 'proxy-passwords.json');
  logged = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('what is kept is locked, read by another run, and goes with its address alone', async () => {
  await open().keep(A, 'hunter2');
  await open().keep(B, 'other');
  expect(readFileSync(file, 'utf8')).not.toMatch(/hunter2|other/u);
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0);
  expect(await Promise.all([A, B, 'http://you@a.example:8080'].map((proxy) => open().of(proxy)))).toEqual(['hunter2', 'other', '']);
  await open().keepOnly(new Set(['system', B]));
  expect(await Promise.all([A, B].map((proxy) => open().of(proxy)))).toEqual(['', 'other']);
});

test.each<[string, Lockbox | null]>([
  ['nothing locks it away', null],
  ['the system would only hide it', { ...box, isSafe: () => Promise.resolve(false) }],
])('a password is refused where %s, with what to do, and nothing is written', async (_why, lockbox) => {
  await expect(open(lockbox).keep(A, 'hunter2')).rejects.toThrow(/not kept.*HTTPS_PROXY/u);
  expect(existsSync(file)).toBe(false);
});

test('one that was locked elsewhere, or is read where nothing unlocks, is told as such and never replaced by none', async () => {
  await open().keep(A, 'hunter2');
  await expect(open(null).of(A)).rejects.toMatchObject({ kind: 'proxy', proxy: { via: 'http://a.example:8080', failure: 'locked' } });
  writeFileSync(file, JSON.stringify({ [A]: 'Zm9yZWlnbg==' }));
  await expect(open().of(A)).rejects.toMatchObject({ proxy: { failure: 'locked' } });
  expect(logged.join()).not.toMatch(/me@/u);
});

test('a file that is no list of passwords is as none, and is told of', async () => {
  writeFileSync(file, '[1, 2');
  expect(await open().of(A)).toBe('');
  expect(logged).toEqual([expect.stringContaining('typed anew')]);
});

test('where it cannot be written, that is said', async () => {
  file = join(dir, 'no-such-folder', 'x.json');
  await expect(open().keep(A, 'hunter2')).rejects.toThrow(/could not be written/u);
});
