/**
 * One instrument's year of hourly settlements, hours, prices and polls every ten minutes: how fast it is moved into a desk's history, and how
 * long it takes to read there and in the file, through the same rules. A server of this bench's own, synced to nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { moveIn } from '#node/postgres/move.ts';
import { openLive } from '#node/postgres/open-readonly.ts';
import type { Target } from '#node/postgres/wire.ts';
import { random, tell, timed } from '../../support/bench.ts';
import { hasPostgres, startPostgres } from '../../support/postgres-server.ts';

const HOURS = process.argv.includes('--short') ? 24 * 30 : 24 * 365;
const ROUNDS = 5;
const start = Date.UTC(2025, 0, 1);
const end = start + HOURS * HOUR_MS;
const next = random(11);

async function measure(): Promise<void> {
  const server = await startPostgres();
  const dir = mkdtempSync(join(tmpdir(), 'perpscope-year-'));
  try {
    const [venue, symbol, id] = ['binance', 'BTC', 'binance:BTC'];
    const file = join(dir, 'history.sqlite');
    const writer = new SqliteHistory({ file, kind: 'live', log: { write: () => undefined }, now: () => end });
    const instruments = [newInstrument({ venue, symbol, asset: 'BTC', quote: 'USDT', settle: 'USDT' })];
    const watched = new Set([id]);
    for (let at = start; at <= end; at += HOUR_MS / 6) {
      const prices = { mark: 100 + next(), index: 100 + next(), openInterest: 1e6 + next(), volume24h: 1e7 + next() };
      const snapshot = { symbol, rate: next() / 1e3, intervalH: 1, nextFundingAt: at + HOUR_MS, interestPer8h: 0.0001, ...prices };
      writer.recordPoll({ venue, observedAt: at, pollMs: HOUR_MS / 6, instruments, snapshots: [snapshot], watched });
    }
    const hours = Array.from({ length: HOURS }, (_, h) => start + (h + 1) * HOUR_MS);
    const rows = hours.map((stamp) => ({ stamp, rate: next() / 1e3, intervalH: 1, mark: 100 + next(), premium: null }));
    writer.recordSettled(id, rows, end, { from: start, to: end });
    writer.recordPrices(
      id,
      hours.map((close) => ({ close, mark: 100 + next(), index: 100 + next(), last: null })),
      end,
      { from: start, to: end },
    );
    writer.close();
    const base = { host: '127.0.0.1', port: server.port, database: 'postgres', user: 'owner', password: null, tls: null };
    const target: Target = { ...base, name: 'bench', schema: 'year', statementMs: 60_000, readOnly: false };
    const from = performance.now();
    const moved = await moveIn({ dir, database: file, kind: 'live' }, target, () => undefined);
    const seconds = (performance.now() - from) / 1000;
    tell(
      `${moved.rows} rows of an instrument's year, moved and compared`,
      `${Math.round(moved.rows / seconds)} rows/s, ${moved.differing} differ`,
    );
    const inFile = new ReadonlyHistory({ file, kind: 'live', now: () => end });
    const onServer = await openLive({ ...target, readOnly: true }, () => end);
    for (const kind of ['settled', 'hours', 'prices', 'snapshots'] as const) {
      const [ours, files] = [onServer, inFile].map((store) => timed(() => store[kind](id, start - 1, end), ROUNDS));
      const count = Object.values(inFile[kind](id, start - 1, end)).find((column) => column instanceof Float64Array)?.length ?? 0;
      tell(
        `${count} ${kind} of that year, read from PostgreSQL`,
        `${ours?.toFixed(0)} ms, ${((ours ?? NaN) / (files ?? NaN)).toFixed(1)} x reference, the file`,
      );
    }
    inFile.close();
    onServer.close();
  } finally {
    server.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

if (hasPostgres) await measure();
else tell("an instrument's year: no PostgreSQL of 15 or newer on this machine", 'skipped: nothing was measured');
