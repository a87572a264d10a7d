import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import Conf from 'conf';
import { expect, test } from 'vitest';
import type { Instrument } from '#domain/instrument.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { openLog } from '#node/log.ts';
import { openPerson } from '#node/person/open-person.ts';
import { openSettings } from '#node/settings.ts';
import { createVenues } from '#node/venues/index.ts';
import { openStore, silent, tempDir } from './history/support.ts';

/**
 * A data folder that the last program before versions, and before the person's own file, wrote while it ran (commit 93fc34c0, hours of its
 * demo wires; of its order books one in twenty is left): each of its rows, as plain SQL reads them from the file as it was, is what the
 * program of now gives.
 */
const folder = join(import.meta.dirname, 'folder-of-before');

type Value = number | string | Buffer | null;
type Row = Readonly<Record<string, Value>>;

function unpacked(): { dir: string; history: string; settings: Record<string, unknown> } {
  const dir = tempDir();
  const history = join(dir, 'history.sqlite');
  writeFileSync(history, brotliDecompressSync(readFileSync(join(folder, 'history.sqlite.br'))));
  copyFileSync(join(folder, 'settings.json'), join(dir, 'settings.json'));
  return { dir, history, settings: JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8')) as Record<string, unknown> };
}

/** Columns as rows of the old names; NaN is NULL there. */
const rowsOf = (columns: Readonly<Record<string, Float64Array>>): Row[] => {
  const names = Object.keys(columns);
  const [first] = Object.values(columns);
  return Array.from(first ?? [], (_, i) =>
    Object.fromEntries(
      names.map((name) => {
        const value = columns[name]?.[i] ?? NaN;
        return [name, Number.isNaN(value) ? null : value];
      }),
    ),
  );
};

test('a folder that the program before wrote is taken over whole: history row by row, lists, thresholds, rules, scenarios and logs', async () => {
  const { dir, history, settings } = unpacked();
  const copy = join(dir, 'before.sqlite');
  copyFileSync(history, copy);
  const before = new Database(copy, { readonly: true });
  expect(before.pragma('user_version', { simple: true })).toBe(11);
  const sql = (text: string, ...values: Value[]): Row[] => before.prepare<Value[], Row>(text).all(...values);
  const newest = before.prepare<[], number>('SELECT max(observed_at) FROM latest').pluck().get() ?? NaN;

  const { store, clock } = openStore(history);
  clock.now = newest + 60_000;
  expect(store.status().notices).toEqual([]);
  const instruments = sql('SELECT * FROM instruments ORDER BY number');
  expect(instruments.length).toBeGreaterThan(100);
  const known = new Map(store.instruments().map((one) => [one.id, one]));
  expect(known.size).toBe(instruments.length);
  const latest = new Map(store.latest().map((one) => [one.instrument.id, one]));
  const compared: Record<string, number> = {};
  const same = (what: string, id: Value, found: readonly Row[], expected: readonly Row[]): void => {
    expect({ what, id, rows: found }).toEqual({ what, id, rows: expected });
    compared[what] = (compared[what] ?? 0) + expected.length;
  };

  for (const { number = null, id: told = '', ...identity } of instruments) {
    const id = String(told);
    const { venue, symbol, asset, quote, settle, contract, multiplier } = known.get(id) ?? ({} as Instrument);
    same('instruments', id, [{ venue, symbol, asset, quote, settle, contract, multiplier }], [identity]);

    const settled = store.settled(id, 0, Infinity);
    same(
      'settled',
      id,
      rowsOf({
        ...{ key: settled.key, stamp: settled.stamp, rate: settled.rate, interval_h: settled.intervalH },
        ...{ mark: settled.mark, premium: settled.premium, learnt_at: settled.learntAt },
      }),
      sql('SELECT key, stamp, rate, interval_h, mark, premium, learnt_at FROM settled WHERE instrument = ? ORDER BY key', number),
    );
    const { close, mark, index, last } = store.prices(id, 0, Infinity);
    same(
      'prices',
      id,
      rowsOf({ close, mark, idx: index, last }),
      sql('SELECT close, mark, idx, last FROM prices WHERE instrument = ? ORDER BY close', number),
    );
    const hours = store.hours(id, 0, Infinity);
    const hourColumns = `close, observed_at, rate, interval_h, mark, idx, open_interest, volume_24h, rate_min, rate_max,
      premium, premium_min, premium_max, covered_ms / 3600000.0 AS coverage`;
    const closed = sql(
      `SELECT ${hourColumns} FROM (SELECT * FROM hour_hot UNION ALL SELECT * FROM hour_cold) WHERE instrument = ? ORDER BY close`,
      number,
    );
    const closes = new Set(closed.map((row) => row['close']));
    same(
      'hours',
      id,
      // The hour in progress lies in the newest values.
      rowsOf({
        ...{ close: hours.close, observed_at: hours.observedAt, rate: hours.rate, interval_h: hours.intervalH, mark: hours.mark },
        ...{ idx: hours.index, open_interest: hours.openInterest, volume_24h: hours.volume24h, rate_min: hours.rateMin },
        ...{ rate_max: hours.rateMax, premium: hours.premium, premium_min: hours.premiumMin, premium_max: hours.premiumMax },
        coverage: hours.coverage,
      }).filter((row) => closes.has(row['close'])),
      closed,
    );
    const polls = store.snapshots(id, 0, Infinity);
    const polled = 'ts, rate, interval_h, mark, idx, open_interest, volume_24h, next_funding_at';
    same(
      'polls',
      id,
      rowsOf({
        ...{ ts: polls.observedAt, rate: polls.rate, interval_h: polls.intervalH, mark: polls.mark, idx: polls.index },
        ...{ open_interest: polls.openInterest, volume_24h: polls.volume24h, next_funding_at: polls.nextFundingAt },
      }),
      sql(
        `SELECT ${polled} FROM (SELECT * FROM snapshot_hot UNION ALL SELECT * FROM snapshot_cold) WHERE instrument = ? ORDER BY ts`,
        number,
      ),
    );
    const books = store.books(id, 0, Infinity);
    same(
      'books',
      id,
      rowsOf({ ts: books.at, mid: books.mid, bids: books.bids }),
      sql('SELECT ts, mid, bids FROM (SELECT * FROM book_raw UNION ALL SELECT * FROM book_hour) WHERE instrument = ? ORDER BY ts', number),
    );
    const levels = sql('SELECT levels FROM book_raw WHERE instrument = ? ORDER BY ts', number).flatMap((row) => {
      const { buffer, byteOffset, byteLength } = row['levels'] as Buffer;
      return [...new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer)];
    });
    expect({ id, levels: [...books.levels] }).toEqual({ id, levels });
    const now = latest.get(id);
    same(
      'newest values',
      id,
      now === undefined
        ? []
        : [
            {
              ...{ observed_at: now.observedAt, rate: now.snapshot.rate, interval_h: now.snapshot.intervalH, mark: now.snapshot.mark },
              ...{ idx: now.snapshot.index, open_interest: now.snapshot.openInterest, volume_24h: now.snapshot.volume24h },
              ...{ next_funding_at: now.snapshot.nextFundingAt, delisted: Number(now.delisted) },
            },
          ],
      sql(
        `SELECT observed_at, rate, interval_h, mark, idx, open_interest, volume_24h, next_funding_at, delisted
        FROM latest WHERE instrument = ?`,
        number,
      ),
    );
    for (const kind of ['settled', 'price'] as const) {
      same(
        'spans',
        id,
        store.spans(id, kind).map(({ from, to }) => ({ from_t: from, to_t: to })),
        sql('SELECT from_t, to_t FROM spans WHERE instrument = ? AND kind = ? ORDER BY from_t', number, kind),
      );
      same(
        'asked',
        id,
        store.asked(id, kind).map(({ from, to, at, since }) => ({ from_t: from, to_t: to, at, since })),
        sql('SELECT from_t, to_t, at, since FROM asked WHERE instrument = ? AND kind = ? ORDER BY from_t', number, kind),
      );
    }
    same(
      'caps',
      id,
      store.terms(id).map(({ from, cap, floor }) => ({ from_t: from, cap, floor })),
      sql('SELECT from_t, cap, floor FROM funding_caps WHERE instrument = ? ORDER BY from_t', number),
    );
  }
  same(
    'events',
    null,
    store.events(0, Infinity).map(({ at, kind, venue, instrument, text }) => ({ at, kind, venue, instrument, text })),
    sql('SELECT at, kind, venue, instrument, text FROM events ORDER BY at, number'),
  );
  store.close();
  const scenarios = sql('SELECT id, saved_at AS savedAt, body FROM scenarios ORDER BY saved_at, id');
  const alerts = sql('SELECT rule, instrument, at, told, body FROM alerts ORDER BY at DESC, rule, instrument');
  const signals = sql(
    'SELECT i.id AS instrument, at, side, d, theta, k, n, observations, running FROM signals JOIN instruments i ON i.number = instrument ORDER BY at',
  );
  before.close();

  const defaults = defaultSettings(createVenues());
  const app = openSettings({ dataDir: dir, createStore: Conf, defaults, log: openLog({ dir: join(dir, 'logs') }) });
  const person = await openPerson({
    ...{ file: join(dir, 'person.sqlite'), demo: false, log: silent, now: () => newest, defaults, history },
    outgrown: app.others,
  });
  expect([app.notices, person.notices]).toEqual([[], []]);
  expect(person.current).toMatchObject({
    ...{ lists: settings['lists'], thresholds: settings['thresholds'], ownThresholds: settings['ownThresholds'] },
    alerts: settings['alerts'],
  });
  expect(app.current).toMatchObject({
    unit: settings['unit'],
    zone: settings['zone'],
    theme: settings['theme'],
    venues: settings['venues'] as object,
  });
  expect(await person.scenarios(null)).toEqual(scenarios);
  const entries = await person.alerts(10_000, null);
  expect(entries.map(({ rule, instrument, at, told, body }) => ({ rule, instrument, at, told: Number(told), body }))).toEqual(alerts);
  for (const { id } of instruments)
    expect(await person.signals(String(id), 0, Infinity, null)).toEqual(signals.filter(({ instrument }) => instrument === id));
  await person.close();
  // Of each kind there was something to lose.
  const counts = { ...compared, scenarios: scenarios.length, alerts: alerts.length, signals: signals.length };
  expect(Object.keys(counts)).toHaveLength(14);
  for (const [what, rows] of Object.entries(counts)) expect([what, rows]).toEqual([what, expect.toSatisfy((n: number) => n > 0)]);
});
