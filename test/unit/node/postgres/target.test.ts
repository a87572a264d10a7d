import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { placeOf, targetFrom } from '#node/postgres/target.ts';
import { tempDir } from '../history/support.ts';

const from = (text: string, env: Readonly<Record<string, string>> = {}) => targetFrom(text, env, 'test', false);

describe('where a desk’s history is', () => {
  test('is named without a password, which everyone on the machine could read', () => {
    expect(() => from('postgres://me:secret@db.example:5432/desk')).toThrow(/leave it out, and give it in PERPSCOPE_STORE_PASSWORD/u);
    expect(() => from('postgres://me:secret@db.example:5432/desk')).not.toThrow(/secret@/u);
  });

  test('the password comes from the environment, or from a file that only its owner reads', () => {
    expect(from('postgres://me@db.example/desk').password).toBeNull();
    expect(from('postgres://me@db.example/desk', { PERPSCOPE_STORE_PASSWORD: 'one', PGPASSWORD: 'two' }).password).toBe('one');
    expect(from('postgres://me@db.example/desk', { PGPASSWORD: 'two' }).password).toBe('two');
    const file = join(tempDir(), 'password');
    writeFileSync(file, 'three\n');
    chmodSync(file, 0o600);
    expect(from('postgres://me@db.example/desk', { PERPSCOPE_STORE_PASSWORD_FILE: file }).password).toBe('three');
    chmodSync(file, 0o640);
    expect(() => from('postgres://me@db.example/desk', { PERPSCOPE_STORE_PASSWORD_FILE: file })).toThrow(/chmod 600/u);
  });

  test('beyond this machine the connection is encrypted and the server proves who it is, whatever the address says', () => {
    expect(from('postgres://me@db.example/desk').tls).toEqual({ ca: null, servername: 'db.example' });
    expect(() => from('postgres://me@db.example/desk?sslmode=disable')).toThrow(/not "sslmode"/u);
    expect(from('postgres://me@127.0.0.1:5433/desk')).toMatchObject({ tls: null, host: '127.0.0.1', port: 5433 });
    expect(from('postgres://me@[::1]/desk')).toMatchObject({ tls: null, host: '::1', port: 5432 });
  });

  test('what is not an address is refused in words, and shown it holds no user', () => {
    for (const text of ['desk', 'mysql://me@host/desk', 'postgres://me@host', 'postgres://host/desk', 'postgres://me@host/desk?schema=a-b'])
      expect(() => from(text)).toThrow();
    expect(placeOf(from('postgres://me@db.example/desk?schema=fund'))).toBe('db.example:5432/desk');
  });
});
