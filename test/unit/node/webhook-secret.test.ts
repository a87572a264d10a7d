import { createHmac } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Lockbox } from '#node/proxy/passwords-file.ts';
import { openWebhookSecret } from '#node/webhook-secret.ts';
import { tempDir } from './history/support.ts';

const SECRET = 'a secret of tests';
const box: Lockbox = {
  isSafe: () => Promise.resolve(true),
  lock: (text) => Promise.resolve(Buffer.from(`locked ${text}`).toString('base64')),
  unlock: (locked) => {
    const [, text] = /^locked (.*)$/u.exec(Buffer.from(locked, 'base64').toString()) ?? [];
    return text === undefined ? Promise.reject(new Error('another user locked it')) : Promise.resolve(text);
  },
};
const at = (file: string, lockbox: Lockbox | null, given?: string) =>
  openWebhookSecret({ file, box: lockbox, given, log: { write: () => undefined }, now: () => 1_700_000_000_999 });
const fresh = (): string => join(tempDir(), 'webhook-secret.json');

test('what is signed is the time in whole seconds, a dot and the body, and what has the secret finds it again', async () => {
  const secret = at(fresh(), null);
  await secret.keep(SECRET);
  // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 'a secret of tests'
  expect(await secret.sign('{"a":1}', null)).toBe('t=1700000000,v1=f60c2f63763cd2b77f39b6b468a90fcc99dc6617c5bc26475d5d57fe709a1c41');
  const other = createHmac('sha256', 'another secret of tests').update('1700000000.{"a":1}').digest('hex');
  expect(await secret.sign('{"a":1}', 'another secret of tests')).toBe(`t=1700000000,v1=${other}`);
});

test('the keychain locks it away, and only what has that keychain reads it', async () => {
  const file = fresh();
  expect(await at(file, box).state()).toBe('none');
  await at(file, box).keep(SECRET);
  expect(readFileSync(file, 'utf8')).not.toContain(SECRET);
  expect(await at(file, box).state()).toBe('locked');
  expect(await at(file, box).sign('x', null)).toBe(await at(file, null, SECRET).sign('x', null));
  // A collector on the same folder, and another user's keychain.
  const foreign: Lockbox = { ...box, unlock: () => Promise.reject(new Error('another user locked it')) };
  for (const other of [null, foreign]) {
    expect(await at(file, other).state()).toBe('unreadable');
    await expect(at(file, other).sign('x', null)).rejects.toThrow(/cannot be read here.*PERPSCOPE_WEBHOOK_SECRET/u);
  }
  expect(await at(file, null, SECRET).state()).toBe('environment');
  await at(file, box).keep(null);
  expect(await at(file, box).state()).toBe('none');
  await expect(at(file, box).sign('x', null)).rejects.toThrow(/no secret/u);
});

test.each<[string, Lockbox | null]>([
  ['nothing locks it away', null],
  ['the system would only hide it', { ...box, isSafe: () => Promise.resolve(false) }],
])('where %s it lies in a file of this user alone, and that is said', async (_why, lockbox) => {
  const file = fresh();
  // Of a write that was killed, with rights of its own.
  writeFileSync(`${file}.new`, '', { mode: 0o644 });
  await at(file, lockbox).keep(SECRET);
  expect(await at(file, lockbox).state()).toBe('file');
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a file that holds no secret is as none', async () => {
  const file = fresh();
  writeFileSync(file, '{"locked": 5}');
  expect(await at(file, box).state()).toBe('none');
});
