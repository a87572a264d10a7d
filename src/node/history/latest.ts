import type { Database } from 'better-sqlite3';
import type { Latest } from '#core/ports/history-facts.ts';
import type { AsOf } from '#core/ports/history.ts';
import type { Snapshot } from '#core/venue.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { delistedReader, instrumentsReader } from './instruments.ts';
import { newestReader } from './newest.ts';
import { fromBeside } from './polled-premium.ts';
import { newestTerms, type NumberedTerms, termsOfMany } from './terms.ts';
import { thinnedReader } from './thinned.ts';

/** A snapshot or an hour as stored. */
interface Stored {
  /** Of an hour: of that hour nothing newer was known. */
  readonly whole_to: number | null;
  readonly instrument: number;
  readonly observed_at: number;
  readonly rate: number;
  readonly interval_h: number | null;
  readonly mark: number | null;
  readonly idx: number | null;
  readonly open_interest: number | null;
  readonly volume_24h: number | null;
  readonly next_funding_at: number | null;
}

const VALUES = 'rate, interval_h, mark, idx, open_interest, volume_24h';
const POLLED = `instrument, NULL AS whole_to, ts AS observed_at, ${VALUES}, next_funding_at`;
const CLOSED = `instrument, close AS whole_to, observed_at, ${VALUES}, close + next_in_ms AS next_funding_at`;

/** Numbers of instruments, as a list in JSON. */
const WANTED = 'WITH wanted(n) AS (SELECT value FROM json_each(@numbers))';

interface Wanted {
  readonly numbers: string;
  readonly from: number;
  readonly asOf: number;
}

/**
 * Reads the newest observation of every instrument, or of these: of now, or of those that were known at a moment and are kept. One
 * statement for each table, since asking instrument by instrument takes ten times as long as the reading.
 */
export function latestReader(db: Database): (asOf: AsOf, ids?: readonly InstrumentId[] | null) => Latest[] {
  const instruments = instrumentsReader(db);
  const terms = termsOfMany(db);
  const stated = newestTerms(db);
  const newest = newestReader(db);
  const newestHot = (table: string, time: string, columns: string, after = '') =>
    db.prepare<[Wanted], Stored>(
      `SELECT ${columns} FROM (SELECT instrument AS n, max(${time}) AS t FROM ${table}
         WHERE ${time} <= @asOf AND ${time} + late_ms <= @asOf ${after} GROUP BY instrument) AS newest
       CROSS JOIN ${table} ON ${time} = t AND instrument = n`,
    );
  const polledHot = newestHot('snapshot_hot', 'ts', POLLED, 'AND ts > @from');
  const closedHot = newestHot('hour_hot', 'close', CLOSED);
  const newestCold = (table: string, time: string, columns: string, after = '') =>
    db.prepare<[Wanted], Stored>(
      `${WANTED} SELECT ${columns} FROM wanted CROSS JOIN ${table} ON instrument = n AND ${time} =
         (SELECT ${time} FROM ${table} WHERE instrument = n AND ${time} <= @asOf AND ${time} + late_ms <= @asOf ${after} ORDER BY ${time} DESC LIMIT 1)`,
    );
  const polledCold = newestCold('snapshot_cold', 'ts', POLLED, 'AND ts > @from');
  const closedCold = newestCold('hour_cold', 'close', CLOSED);
  const besideIn = (table: string) => `SELECT n, own_premium FROM wanted CROSS JOIN ${table} ON instrument = n AND ts = t`;
  // Of two the one of the hot table, which comes last.
  const beside = db
    .prepare<[string], [number: number, premium: number | null]>(
      `WITH wanted(n, t) AS (SELECT value ->> 0, value ->> 1 FROM json_each(?)) ${besideIn('snapshot_cold')} UNION ALL ${besideIn('snapshot_hot')}`,
    )
    .raw();
  const delisted = delistedReader(db);
  const thinned = thinnedReader(db);

  return (asOf, ids = null) => {
    const listed = instruments(asOf, ids);
    const now = newest.of(listed.map(({ number }) => number));
    const isNow = (number: number): boolean => asOf === null || (now.get(number)?.learntAt ?? Infinity) <= asOf;
    const limits = stated(asOf);
    const gone = delisted(asOf);
    const before =
      asOf === null
        ? null
        : storedBefore(
            asOf,
            listed.map(({ number }) => number).filter((number) => !isNow(number)),
          );
    return listed.flatMap(({ number, instrument }): Latest[] => {
      const { symbol } = instrument;
      const isDelisted = gone.has(number);
      const one = now.get(number);
      if (one && isNow(number))
        return [
          {
            instrument,
            snapshot: { symbol, ...one.snapshot, ...limits.get(number) },
            observedAt: one.observedAt,
            delisted: isDelisted,
            thinned: false,
          },
        ];
      const stored = before?.rows.get(number);
      if (asOf === null || before === null || stored === undefined) return [];
      const ofThen = before.terms.get(number)?.findLast(({ from }) => from <= stored.observed_at);
      const observedAt = stored.observed_at;
      const since = stored.whole_to ?? observedAt;
      const isThinned = since < asOf && thinned('snapshots', number, since, asOf).length > 0;
      // Where the venue states its own and the poll is not kept, it is not known, and the prices do not stand for it.
      const premium = fromBeside(before.beside.get(number) ?? null, one?.snapshot.premium !== undefined, observedAt);
      const snapshot = { ...snapshotOf(stored, symbol, ofThen), ...premium };
      return [{ instrument, snapshot, observedAt, delisted: isDelisted, thinned: isThinned }];
    });
  };

  /** The newest poll of the hour in progress then and of the one before, where polls are kept; else the newest hour that was closed. */
  function storedBefore(asOf: number, numbers: readonly number[]) {
    // A row's own time may lie in the hour before, which was closed without it.
    const wanted: Wanted = { numbers: JSON.stringify(numbers), from: Math.floor(asOf / HOUR_MS) * HOUR_MS - HOUR_MS, asOf };
    const isWanted = new Set(numbers);
    const rows = new Map<number, Stored>();
    for (const read of [polledHot, polledCold, closedHot, closedCold])
      for (const row of read.all(wanted)) {
        const before = rows.get(row.instrument);
        if (isWanted.has(row.instrument) && !(before && before.observed_at >= row.observed_at)) rows.set(row.instrument, row);
      }
    const at = JSON.stringify([...rows.values()].map((row) => [row.instrument, row.observed_at]));
    return { rows, terms: terms(wanted.numbers, asOf), beside: new Map(beside.all(at)) };
  }
}

const snapshotOf = (row: Stored, symbol: string, terms: NumberedTerms | undefined): Snapshot => ({
  symbol,
  rate: row.rate,
  intervalH: row.interval_h,
  nextFundingAt: row.next_funding_at,
  mark: row.mark,
  index: row.idx,
  openInterest: row.open_interest,
  volume24h: row.volume_24h,
  interestPer8h: terms?.interestPer8h ?? null,
  ...(terms && { cap: terms.cap, floor: terms.floor }),
});
