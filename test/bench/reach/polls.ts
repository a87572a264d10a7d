/**
 * A desk's history beside bare COPY of the same rows, on a server of this bench's own (Debian's PostgreSQL on loopback, synced to nothing):
 * polls of 20 venues with 500 instruments each, and what their rows take in both stores.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { join } from 'node:path';
import { statSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import postgres from 'postgres';
import { newInstrument } from '#domain/instrument.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { BlockingConnection } from '#node/postgres/blocking.ts';
import { PostgresHistory } from '#node/postgres/postgres-history.ts';
import { wireOf } from '#node/postgres/start-wire.ts';
import type { Target } from '#node/postgres/wire.ts';
import { random, tell } from '../../support/bench.ts';
import { hasPostgres, startPostgres } from '../../support/postgres-server.ts';

const short = process.argv.includes('--short');
const VENUES = short ? 2 : 20;
const INSTRUMENTS = 500;
const MINUTES = short ? 3 : 10;
const MINUTE = 60_000;
const start = Date.UTC(2026, 5, 1);
const next = random(7);

const polls = Array.from({ length: MINUTES }, (_, minute) =>
  Array.from({ length: VENUES }, (__, v) => {
    const venue = `venue${v}`;
    const instruments = Array.from({ length: INSTRUMENTS }, (___, i) =>
      newInstrument({ venue, symbol: `S${i}`, asset: `S${i}`, quote: 'USDT', settle: 'USDT' }),
    );
    const snapshots = instruments.map(({ symbol }) => ({
      symbol,
      rate: next() / 1e3,
      intervalH: 8,
      nextFundingAt: start + 8 * 60 * MINUTE,
      mark: 100 + next(),
      index: 100 + next(),
      openInterest: 1e6 + next(),
      volume24h: 1e7 + next(),
      interestPer8h: 0.0001,
    }));
    const watched = new Set(instruments.map(({ id }) => id));
    return { venue, observedAt: start + (minute + 1) * MINUTE, pollMs: MINUTE, instruments, snapshots, watched };
  }),
);

async function measure(): Promise<void> {
  const server = await startPostgres();
  const dir = mkdtempSync(join(tmpdir(), 'perpscope-reach-'));
  try {
    const base = { host: '127.0.0.1', port: server.port, database: 'postgres', user: 'owner', password: null, tls: null };
    const target: Target = { ...base, name: 'bench', schema: 'reach', statementMs: 60_000, readOnly: false };
    const source = new URL('../../../src/node/postgres/wire.worker.ts', import.meta.url);
    const connection = new BlockingConnection(wireOf(target, (options) => new Worker(source, options)));
    const log = { write: () => undefined };
    const desk = new PostgresHistory({ connection, schema: target.schema, place: 'bench', log, now: () => start });
    const file = join(dir, 'history.sqlite');
    const embedded = new SqliteHistory({ file, kind: 'live', log, now: () => start });
    const [first = [], ...rest] = polls;
    // The first minute names ten thousand instruments and makes the month: it is of no measure.
    for (const poll of first) for (const store of [desk, embedded]) store.recordPoll(poll);
    const took = (store: Pick<SqliteHistory, 'recordPoll'>): number => {
      const from = performance.now();
      for (const minute of rest) for (const poll of minute) store.recordPoll(poll);
      return performance.now() - from;
    };
    const rows = rest.length * VENUES * INSTRUMENTS;
    server.sql('postgres', 'CREATE TABLE bare (LIKE reach.snapshot_cold, PRIMARY KEY (instrument, ts))');
    const lines = rest
      .flat()
      .flatMap(({ observedAt, snapshots }, p) =>
        snapshots.map((s, i) =>
          [
            (p % VENUES) * INSTRUMENTS + i + 1,
            observedAt,
            s.rate,
            s.intervalH,
            s.mark,
            s.index,
            s.openInterest,
            s.volume24h,
            s.nextFundingAt,
            0,
            '\\N',
          ].join('\t'),
        ),
      );
    // As ours is connected: without `noDelay` each COPY waits 40 ms for the other side's word that its rows have come.
    const socket = connect({ host: base.host, port: base.port, noDelay: true });
    await once(socket, 'connect');
    const sql = postgres({
      ...{ host: base.host, port: base.port, database: base.database, username: base.user, max: 1, fetch_types: false },
      ...({ socket: () => socket } as object),
    });
    await sql`SELECT 1`;
    /** So many rows a COPY, each a transaction of its own. */
    const copied = async (atOnce: number): Promise<number> => {
      await sql`TRUNCATE bare`;
      const from = performance.now();
      for (let i = 0; i < lines.length; i += atOnce) {
        const copy = await sql`COPY bare FROM STDIN`.writable();
        await pipeline(Readable.from([`${lines.slice(i, i + atOnce).join('\n')}\n`]), copy);
      }
      // The last one is ended once another is answered.
      await sql`SELECT 1`;
      return performance.now() - from;
    };
    const bare = await copied(INSTRUMENTS);
    const atOnce = await copied(lines.length);
    await sql.end();
    const ours = took(desk);
    const inFile = took(embedded);
    const perRow =
      Number(
        server.sql(
          'postgres',
          "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relname LIKE 'snapshot!_cold!_%' ESCAPE '!' AND relkind = 'r'",
        ),
      ) /
      (rows + VENUES * INSTRUMENTS);
    tell(
      `${rows} rows in polls of ${INSTRUMENTS}, all kept, into PostgreSQL`,
      `${(ours / bare).toFixed(2)} x bare COPY of each (${Math.round((rows / ours) * 1000)} rows/s), ${(ours / atOnce).toFixed(2)} x bare COPY of all at once; the file ${(inFile / bare).toFixed(2)} x`,
    );
    embedded.close();
    tell(
      'bytes of a row: PostgreSQL with its key, and the file as a whole',
      `${perRow.toFixed(0)}, ${(statSync(file).size / (rows + VENUES * INSTRUMENTS)).toFixed(0)}`,
    );
    const asked = performance.now();
    const newest = desk.latest();
    tell(`the newest of ${newest.length} instruments, from PostgreSQL`, `${(performance.now() - asked).toFixed(0)} ms`);
    desk.close();
  } finally {
    server.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

if (hasPostgres) await measure();
else
  tell('a desk’s history: no PostgreSQL of 15 or newer on this machine', 'skipped: nothing was measured, and 0 x bare COPY is no figure');
