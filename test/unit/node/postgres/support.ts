import { Worker } from 'node:worker_threads';
import { afterAll } from 'vitest';
import { BlockingConnection } from '#node/postgres/blocking.ts';
import { PostgresHistory } from '#node/postgres/postgres-history.ts';
import { wireOf } from '#node/postgres/start-wire.ts';
import type { Target } from '#node/postgres/wire.ts';
import { hasPostgres, type PostgresServer, startPostgres } from '#test/support/postgres-server.ts';
import { silent } from '../history/support.ts';

/** One for all tests of a file. */
export const server: PostgresServer | null = hasPostgres ? await startPostgres() : null;
afterAll(() => server?.close());

const source = new URL('../../../../src/node/postgres/wire.worker.ts', import.meta.url);

export function targetOf(port: number, schema: string, values: Partial<Target> = {}): Target {
  const base = { host: '127.0.0.1', port, database: 'postgres', user: 'owner', password: null, tls: null, name: 'test' };
  return { ...base, schema, statementMs: 30_000, readOnly: false, ...values };
}

export const connectionTo = (target: Target): BlockingConnection =>
  new BlockingConnection(wireOf(target, (options) => new Worker(source, options)));

export const openOn = (target: Target, now: () => number): PostgresHistory =>
  new PostgresHistory({ connection: connectionTo(target), schema: target.schema, place: 'test', log: silent, now });
