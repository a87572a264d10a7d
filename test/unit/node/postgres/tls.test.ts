import { afterAll, afterEach, expect, test } from 'vitest';
import type { Target } from '#node/postgres/wire.ts';
import { CERTIFICATE, CERTIFICATE_KEY } from '#test/support/certificate.ts';
import { hasPostgres, startPostgres } from '#test/support/postgres-server.ts';
import { T0 } from '../history/support.ts';
import { connectionTo, openOn, targetOf } from './support.ts';

/** Takes encrypted connections alone, and of `secret` a password. */
const server = hasPostgres
  ? await startPostgres((dir) => ['ssl=on', `ssl_cert_file=${dir}/server.crt`, `ssl_key_file=${dir}/server.key`, `hba_file=${dir}/hba`], {
      'server.crt': CERTIFICATE,
      'server.key': CERTIFICATE_KEY,
      hba: 'hostssl all owner 127.0.0.1/32 trust\nhostssl all secret 127.0.0.1/32 scram-sha-256\n',
    })
  : null;
afterAll(() => server?.close());
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const ours: Target['tls'] = { ca: CERTIFICATE, servername: 'localhost' };
const open = (tls: Target['tls'], values: Partial<Target> = {}) => {
  const connection = connectionTo(targetOf(server?.port ?? 0, 'public', { tls, ...values }));
  closers.push(() => connection.close());
  return () => connection.run([{ text: 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()', values: [], raw: true }], false);
};

test.skipIf(server === null)('a connection is encrypted, and the server proves that it is the one that was meant', () => {
  expect(open(ours)()[0]?.rows).toEqual([[true]]);
  expect(open({ ca: null, servername: 'localhost' })).toThrow(/self-signed certificate/u);
  expect(open({ ca: CERTIFICATE, servername: 'other.example' })).toThrow(/does not match certificate/u);
  expect(open(null)).toThrow(/no pg_hba.conf entry.+no encryption/u);
});

test.skipIf(server === null)('a password that is refused is said without it', () => {
  server?.sql('postgres', "CREATE ROLE secret LOGIN PASSWORD 'right-one'");
  server?.sql('postgres', 'GRANT CREATE ON DATABASE postgres TO secret');
  expect(open(ours, { user: 'secret', password: 'right-one' })()[0]?.rows).toEqual([[true]]);
  const wrong = targetOf(server?.port ?? 0, 'secret', { tls: ours, user: 'secret', password: 'wrong-one' });
  let said: unknown;
  try {
    openOn(wrong, () => T0);
  } catch (error) {
    said = error;
  }
  expect(said).toMatchObject({ kind: 'unwritable', user: 'The database test refused the user or the password.' });
  expect((said as Error).stack).not.toContain('wrong-one');
});
