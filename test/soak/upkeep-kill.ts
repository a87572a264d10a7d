import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { newInstrument } from '#domain/instrument.ts';
import { mergeFile } from '#node/backup/merge-file.ts';
import { rewriteHistory } from '#node/history/rewrite-history.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { generator } from '#test/support/generator.ts';

const HOUR = 3_600_000;
const T0 = Date.UTC(2026, 0, 1);

/** A history of its own: rows of every other hour are another machine's too, some with another mark, some with another rate. */
function make(file: string, { instruments, hours, seed }: { instruments: number; hours: number; seed: number }): void {
  const now = T0 + (hours + 1) * HOUR;
  const store = new SqliteHistory({ file, kind: 'live', log: { write: () => undefined }, now: () => now });
  // Numbers of the one are not those of the other.
  const all = Array.from({ length: instruments }, (_, i) => (seed % 2 === 0 ? i : instruments - 1 - i)).map((i) =>
    newInstrument({ venue: 'binance', symbol: `S${i}`, asset: `S${i}`, quote: 'USDT', settle: 'USDT' }),
  );
  const snapshots = all.map(({ symbol }) => ({
    ...{ symbol, rate: seed / 1e5, intervalH: 1, nextFundingAt: null, mark: 100 + seed, index: 100, openInterest: 5, volume24h: 6 },
    ...{ interestPer8h: null, cap: seed / 100, floor: -seed / 100 },
  }));
  const watched = new Set(all.map(({ id }) => id));
  store.recordPoll({ venue: 'binance', observedAt: T0 + seed * 60_000, pollMs: 60_000, instruments: all, snapshots, watched });
  for (const { id } of all) {
    const keys = Array.from({ length: hours }, (_, h) => h + 1).filter((h) => h % 2 === 0 || h % 4 === (seed % 2) * 2 + 1);
    const rows = keys.map((h) => ({
      stamp: T0 + h * HOUR,
      rate: h % 50 === 0 ? seed : h / 1e6,
      ...{ intervalH: 1, mark: h % 7 === 0 ? seed : null, premium: null },
    }));
    store.recordSettled(id, rows, now + seed, { from: T0, to: T0 + HOUR });
    store.recordPrices(
      id,
      keys.map((h) => ({ close: T0 + h * HOUR, mark: h, index: seed, last: null })),
      now + seed,
      null,
    );
  }
  store.close();
}

/** Every row of every table, each table in the order of its columns. */
export function everything(file: string): string {
  const db = new Database(file, { readonly: true });
  try {
    const integrity = db.pragma('integrity_check', { simple: true });
    if (integrity !== 'ok') throw new Error(`integrity_check: ${String(integrity)}`);
    const tables = db
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
      .pluck()
      .all();
    return tables
      .map((name) => {
        const rows = db.prepare<[], unknown[]>(`SELECT * FROM ${name}`).raw().all();
        return `${name} ${rows
          .map((row) => JSON.stringify(row))
          .sort()
          .join('\n')}`;
      })
      .join('\n');
  } finally {
    db.close();
  }
}

/** Runs it in a process of its own and kills that `afterMs` behind its beginning; false where it was done by then. */
async function killed(what: 'merge' | 'compact', dir: string, from: string, afterMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'upkeep-child.ts'), what, dir, from], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), afterMs));
  return (await ended) === 'SIGKILL';
}

export interface UpkeepReport {
  /** Of so many runs the process was killed before it was done. */
  readonly merges: number;
  readonly compactions: number;
  readonly rows: number;
  readonly mergeMs: number;
}

/**
 * Kills merges and compactions at seeded moments. After each the file is whole; compaction has changed no row; a merge that is done again
 * ends with the very rows of one that nothing disturbed. Throws at the first difference.
 */
export async function upkeepKills({
  kills,
  seed,
  instruments,
  hours,
}: {
  kills: number;
  seed: number;
  instruments: number;
  hours: number;
}): Promise<UpkeepReport> {
  const root = mkdtempSync(join(tmpdir(), 'perpscope-upkeep-'));
  const random = generator(seed);
  try {
    const [mine, other] = [join(root, 'mine.sqlite'), join(root, 'other.sqlite')];
    make(mine, { instruments, hours, seed: 2 });
    make(other, { instruments, hours, seed: 3 });
    const before = everything(mine);
    const fresh = (name: string): { dir: string; database: string } => {
      const dir = join(root, name);
      mkdirSync(dir);
      copyFileSync(mine, join(dir, 'history.sqlite'));
      return { dir, database: join(dir, 'history.sqlite') };
    };
    const whole = fresh('whole');
    const begun = performance.now();
    const { added, known } = await mergeFile({ ...whole, kind: 'live' }, other, () => undefined);
    const mergeMs = performance.now() - begun;
    const merged = everything(whole.database);
    let [merges, compactions] = [0, 0];
    for (let kill = 0; kill < kills; kill++) {
      const { dir, database } = fresh(`merge-${kill}`);
      if (await killed('merge', dir, other, random() * mergeMs)) merges++;
      // What is there after the kill opens, whole.
      everything(database);
      await mergeFile({ dir, database, kind: 'live' }, other, () => undefined);
      if (everything(database) !== merged) throw new Error(`merge ${kill}: done again after a kill it gives other rows`);
      const left = readdirSync(dir).filter((name) => name.startsWith('merging'));
      if (left.length > 0) throw new Error(`merge ${kill} left ${left.join()} behind`);
      rmSync(dir, { recursive: true });
    }
    const rewriting = fresh('rewriting');
    const since = performance.now();
    rewriteHistory(rewriting.database, 'live');
    const rewriteMs = performance.now() - since;
    for (let kill = 0; kill < kills; kill++) {
      const { dir, database } = fresh(`compact-${kill}`);
      if (await killed('compact', dir, '', random() * rewriteMs)) compactions++;
      if (everything(database) !== before) throw new Error(`compaction ${kill}: rows are other ones after a kill`);
      rewriteHistory(database, 'live');
      if (everything(database) !== before) throw new Error(`compaction ${kill}: rows are other ones once it is done again`);
      if (statSync(database).size === 0) throw new Error('an empty file');
      rmSync(dir, { recursive: true });
    }
    return { merges, compactions, rows: added + known, mergeMs };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const [kills = '60', seed = String(Date.now() % 1e9)] = process.argv.slice(2);
  console.log(`killing merges and compactions ${kills} times each, seed ${seed}`);
  const { merges, compactions, rows, mergeMs } = await upkeepKills({
    kills: Number(kills),
    seed: Number(seed),
    instruments: 6,
    hours: 1500,
  });
  console.log(
    `${merges} merges and ${compactions} compactions were killed before they were done: no row lost, none twice, every file whole`,
  );
  console.log(
    `a merge of ${rows.toLocaleString('en')} rows took ${(mergeMs / 1000).toFixed(1)} s, ${Math.round(rows / mergeMs).toLocaleString('en')} rows a ms`,
  );
}
