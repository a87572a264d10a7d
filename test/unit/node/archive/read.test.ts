import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOUR_MS } from '#domain/time.ts';
import { Archive } from '#node/archive/archive.ts';
import { ArchivedReads } from '#node/archive/archived-reads.ts';
import { type ArchivePlace, folderPlace } from '#node/archive/place.ts';
import { archiveMonths } from '#node/archive/write.ts';
import { ReadonlyPostgres } from '#node/postgres/readonly-history.ts';
import { openSharedTerminal } from '#node/postgres/terminal.ts';
import { ask } from '#test/support/ask.ts';
import { silent } from '../history/support.ts';
import { readAll } from '../postgres/read-all.ts';
import { connectionTo, server, targetOf } from '../postgres/support.ts';
import { NOW, recordedOn } from './recorded.ts';

const APRIL = Date.UTC(2025, 3, 1);
const port = server?.port ?? 0;
const base = mkdtempSync(join(tmpdir(), 'perpscope-archived-'));
const folder = join(base, 'archive');
const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
  rmSync(base, { recursive: true, force: true });
});
const IDS = ['binance:BTC', 'binance:ETH', 'bybit:BTC', 'bybit:ETH'];
/** Within what was recorded, between, before the first row, after the last. */
const MOMENTS = [
  null,
  Date.UTC(2025, 0, 29),
  Date.UTC(2025, 0, 31, 7),
  Date.UTC(2025, 1, 2) + 10,
  Date.UTC(2025, 1, 4),
  Date.UTC(2025, 1, 20),
  Date.UTC(2025, 2, 31, 3, 30),
  Date.UTC(2025, 4, 1),
  NOW - HOUR_MS,
];

/** Two desks that recorded the same; of the second the months before April lie in the archive. */
let whole: ReadonlyPostgres;
const addresses = { whole: '', archived: '' };
function live(address: string): ReadonlyPostgres {
  const target = targetOf(port, 'perpscope', { database: new URL(address).pathname.slice(1), readOnly: true });
  return new ReadonlyPostgres({ connection: connectionTo(target), schema: 'perpscope', place: 'test', now: () => NOW });
}
function opened(place: ArchivePlace | null, retryMs = 0): ArchivedReads {
  const store = new ArchivedReads(live(addresses.archived), place === null ? null : new Archive(place, retryMs), () => NOW);
  closers.push(() => store.close());
  return store;
}

describe.skipIf(server === null)('a history with its archive', () => {
  beforeAll(async () => {
    for (const name of ['whole', 'archived'] as const) {
      addresses[name] = server?.newDatabase() ?? '';
      recordedOn(port, 'perpscope', new URL(addresses[name]).pathname.slice(1)).close();
    }
    whole = live(addresses.whole);
    closers.push(() => whole.close());
    const target = targetOf(port, 'perpscope', { database: new URL(addresses.archived).pathname.slice(1) });
    const months = await archiveMonths({ target, place: folderPlace(folder), before: APRIL, drop: true, now: NOW });
    expect(months.map(({ dropped }) => dropped > 100)).toEqual([true, true, true]);
  });

  test('answers as one that still has all rows, to the last bit, as of now and of any moment', async () => {
    const store = opened(folderPlace(folder));
    for (const asOf of MOMENTS) {
      expect(await readAll(store, 0, NOW, asOf), `as of ${String(asOf)}`).toStrictEqual(await readAll(whole, 0, NOW, asOf));
      expect(await readAll(store, Date.UTC(2025, 0, 31, 5), Date.UTC(2025, 2, 31), asOf)).toStrictEqual(
        await readAll(whole, Date.UTC(2025, 0, 31, 5), Date.UTC(2025, 2, 31), asOf),
      );
    }
    // And it is something: without the archive it is missing.
    const alone = await opened(null).settled('binance:BTC', 0, NOW);
    const both = await store.settled('binance:BTC', 0, NOW);
    expect(both.key.length).toBeGreaterThan(alone.key.length + 10);
    expect(store.missing()).toEqual([]);
  });

  test('answers about many instruments at once are the same too', async () => {
    const store = opened(folderPlace(folder));
    for (const asOf of MOMENTS)
      for (const [from, to] of [
        [0, NOW],
        [Date.UTC(2025, 0, 30, 6), Date.UTC(2025, 0, 30, 18)],
        [Date.UTC(2025, 1, 1) - HOUR_MS, Date.UTC(2025, 1, 1)],
        [Date.UTC(2025, 3, 1), Date.UTC(2025, 3, 1, 8)],
        [NOW - 5 * HOUR_MS, NOW],
      ] as const) {
        expect(await store.stretches(IDS, from, to, asOf)).toStrictEqual(whole.stretches(IDS, from, to, asOf));
        expect(await store.rateRanges(IDS, from, to, asOf)).toStrictEqual(whole.rateRanges(IDS, from, to, asOf));
        expect(await store.learntBy(IDS, { from, to }, asOf ?? NOW)).toStrictEqual(whole.learntBy(IDS, { from, to }, asOf ?? NOW));
      }
    expect(await store.lateWords(IDS)).toStrictEqual(whole.lateWords(IDS));
    for (const at of [NOW, Date.UTC(2025, 4, 1), Date.UTC(2025, 2, 31), Date.UTC(2025, 1, 10), Date.UTC(2025, 0, 30, 2), 0]) {
      // In the order of their ids, for a store's own says nothing.
      const byId = async (of: Pick<ArchivedReads, 'newestBooks'> | ReadonlyPostgres) => {
        const { ids, books } = await of.newestBooks(IDS, at);
        return ids
          .map((id, i) => {
            const [end, start] = [books.ends[i] ?? 0, books.ends[i - 1] ?? 0];
            return [id, books.at[i], books.mid[i], books.bids[i], ...books.levels.slice(start, end)];
          })
          .toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
      };
      expect(await byId(store)).toStrictEqual(await byId(whole));
    }
    expect(store.status().settledRows).toBe(whole.status().settledRows);
  });

  test('an archive that cannot be reached: the database is read, holes say why, and it comes back by itself', async () => {
    let isAway = true;
    const place = folderPlace(folder);
    const away: ArchivePlace = {
      ...place,
      get: (path) => (isAway ? folderPlace(join(base, 'none\0')).get(path) : place.get(path)),
    };
    const store = opened(away, 50);
    const [from, to] = [Date.UTC(2025, 0, 15), NOW];
    const found = await store.hours('binance:BTC', from, to);
    const there = whole.hours('binance:BTC', APRIL - 1, to);
    expect(found.close).toStrictEqual(there.close);
    expect(found.thinned.slice(-3)).toEqual([
      { from, to: Date.UTC(2025, 1, 1) - 1 },
      { from: Date.UTC(2025, 1, 1) - 1, to: Date.UTC(2025, 2, 1) - 1 },
      { from: Date.UTC(2025, 2, 1) - 1, to: APRIL - 1 },
    ]);
    expect(store.missing()).toEqual([
      expect.stringMatching(/^The archive at .+ cannot be reached: .+ Months to 2025-03 are missing meanwhile\.$/u),
    ]);
    expect((await store.thinned()).filter(({ what }) => what === 'archived')).toHaveLength(3);
    isAway = false;
    // Not at once: what is away is not asked for at every question.
    expect((await store.hours('binance:BTC', from, to)).close).toStrictEqual(there.close);
    await expect.poll(async () => (await store.archive()).trouble).toBeNull();
    expect(await store.hours('binance:BTC', from, to)).toStrictEqual(whole.hours('binance:BTC', from, to));
    expect((await store.thinned()).filter(({ what }) => what === 'archived')).toEqual([]);
  });

  test('a terminal says in one line what it reads where, and what it cannot', async () => {
    const target = targetOf(port, 'perpscope', { database: new URL(addresses.archived).pathname.slice(1) });
    const terminal = await openSharedTerminal({ target, archive: folder, log: silent, now: () => NOW });
    expect(terminal.beside?.sentence()).toContain(`Months to 2025-03 are read from the archive at ${folder}.`);
    expect((await terminal.store.tend()).notices).toEqual([]);
    expect(await terminal.store.settled('bybit:BTC', 0, NOW)).toStrictEqual(whole.settled('bybit:BTC', 0, NOW));
    await terminal.store.close();
    const without = await openSharedTerminal({ target, log: silent, now: () => NOW });
    expect((await without.store.tend()).notices).toEqual([`Months to 2025-03 lie in the archive at ${folder}: name it with --archive.`]);
    await without.store.close();
    const elsewhere = await openSharedTerminal({ target, archive: join(base, 'empty'), log: silent, now: () => NOW });
    expect((await elsewhere.store.tend()).notices).toEqual([
      expect.stringMatching(
        /has nothing of 2025-03\. Name the place that the month was archived to\. Months to 2025-03 are missing meanwhile\.$/u,
      ),
    ]);
    await elsewhere.store.close();
  });

  const of = ['--venue', 'binance', '--symbol', 'BTC', '--to', '2025-06-20'] as const;
  test.each([
    ['metrics', '--metric', 'ema-divergence', '--json'],
    ['metrics', '--metric', 'ema-divergence', '--json', '--as-of', '2025-02-01T06:00Z'],
    ['coverage', '--kind', 'settled', '--kind', 'polls', '--json'],
    ['evidence', '--metric', 'settled-rate', '--level', '0.0002', '--exit', '24h', '--json'],
    ['export', '--kind', 'settled', '--format', 'csv'],
    ['export', '--kind', 'hours', '--as-of', '2025-02-20', '--format', 'jsonl'],
    ['export', '--kind', 'prices', '--format', 'jsonl'],
  ])('%s %s %s across both: the same to the last digit', async (command, ...args) => {
    const one = await ask(command, ...of, ...args, '--history', addresses.whole);
    const two = await ask(command, ...of, ...args, '--history', addresses.archived, '--archive', folder);
    expect(two).toEqual(one);
    expect(one.out.length).toBeGreaterThan(200);
  });

  test('what is told anew of an archived month changes no answer', async () => {
    const database = new URL(addresses.archived).pathname.slice(1);
    const row = `SELECT number, ${Date.UTC(2025, 0, 31)}, ${Date.UTC(2025, 0, 31)}, 0.75, 4, 1, NULL::float8, ${NOW}, NULL::float8, NULL::float8 FROM instruments WHERE id = 'binance:BTC'`;
    server?.sql(database, `SET search_path = perpscope, pg_catalog; INSERT INTO settled ${row}`);
    try {
      const store = opened(folderPlace(folder));
      expect(await store.settledSeen('binance:BTC', 0, NOW)).toStrictEqual(whole.settledSeen('binance:BTC', 0, NOW));
    } finally {
      server?.sql(database, `SET search_path = perpscope, pg_catalog; DELETE FROM settled WHERE rate = 0.75`);
    }
  });

  test('a command without the archive answers from what is there, and says what is missing', async () => {
    const exported = await ask('export', ...of, '--kind', 'settled', '--history', addresses.archived);
    expect(exported).toMatchObject({
      code: 0,
      err: expect.stringContaining(`lie in the archive at ${folder} and are missing here: name it`) as string,
    });
    for (const kind of ['settled', 'prices', 'polls']) {
      const holes = await ask('coverage', ...of, '--kind', kind, '--history', addresses.archived);
      expect(holes.out, kind).toMatch(
        /2025-01-30 \d\d:00 to 2025-03-31 \d\d:00 UTC {2}\d+ missing: it lies in the archive, which cannot be read now/u,
      );
    }
    renameSync(folder, `${folder}-away`);
    try {
      const unreached = await ask('export', ...of, '--kind', 'settled', '--history', addresses.archived, '--archive', folder);
      expect(unreached).toMatchObject({
        code: 0,
        out: exported.out,
        err: expect.stringContaining('Months to 2025-03 are missing meanwhile') as string,
      });
    } finally {
      renameSync(`${folder}-away`, folder);
    }
    expect(await ask('export', ...of, '--kind', 'settled', '--data-dir', base, '--archive', folder)).toMatchObject({ code: 2 });
  });
});
