import type { Database } from 'better-sqlite3';
import type { Latest } from '#core/ports/history-facts.ts';
import type { AsOf } from '#core/ports/history.ts';
import type { Snapshot } from '#core/venue.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { delistedReader, instrumentsReader } from './instruments.ts';
import { newestReader } from './newest.ts';
import { fromBeside } from './polled-premium.ts';
import { newestTerms, type NumberedTerms, numberedTerms } from './terms.ts';
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

/** Reads the newest observation of every instrument, or of these: of now, or of those that were known at a moment and are kept. */
export function latestReader(db: Database): (asOf: AsOf, ids?: readonly InstrumentId[] | null) => Latest[] {
  const instruments = instrumentsReader(db);
  const terms = numberedTerms(db);
  const stated = newestTerms(db);
  const newest = newestReader(db);
  // SQLite takes the other columns from the row of the maximum.
  const polledHot = db.prepare<[number, number, number], Stored & { ts: number }>(
    `SELECT max(ts) AS ts, ${POLLED} FROM snapshot_hot WHERE ts > ? AND ts <= ? AND ts + late_ms <= ? GROUP BY instrument`,
  );
  const polledCold = db.prepare<[number, number, number, number], Stored>(
    `SELECT ${POLLED} FROM snapshot_cold WHERE instrument = ? AND ts > ? AND ts <= ? AND ts + late_ms <= ? ORDER BY ts DESC LIMIT 1`,
  );
  const closedHot = db.prepare<[number, number], Stored & { close: number }>(
    `SELECT max(close) AS close, ${CLOSED} FROM hour_hot WHERE close <= ? AND close + late_ms <= ? GROUP BY instrument`,
  );
  const closedCold = db.prepare<[number, number, number], Stored>(
    `SELECT ${CLOSED} FROM hour_cold WHERE instrument = ? AND close <= ? AND close + late_ms <= ? ORDER BY close DESC LIMIT 1`,
  );
  const besideOf = db
    .prepare<[{ number: number; observedAt: number }], number | null>(
      `SELECT own_premium FROM snapshot_hot WHERE ts = @observedAt AND instrument = @number
       UNION ALL SELECT own_premium FROM snapshot_cold WHERE instrument = @number AND ts = @observedAt LIMIT 1`,
    )
    .pluck();
  const delisted = delistedReader(db);
  const thinned = thinnedReader(db);

  return (asOf, ids = null) => {
    const now = newest.all();
    const limits = stated(asOf);
    const gone = delisted(asOf);
    const before = asOf === null ? null : storedBefore(asOf);
    return instruments(asOf, ids).flatMap(({ number, instrument }): Latest[] => {
      const { symbol } = instrument;
      const isDelisted = gone.has(number);
      const one = now.get(number);
      if (one && (asOf === null || one.learntAt <= asOf))
        return [
          {
            instrument,
            snapshot: { symbol, ...one.snapshot, ...limits.get(number) },
            observedAt: one.observedAt,
            delisted: isDelisted,
            thinned: false,
          },
        ];
      const stored = before?.(number);
      if (!stored) return [];
      const ofThen = terms(number, asOf).findLast(({ from }) => from <= stored.observed_at);
      const observedAt = stored.observed_at;
      const isThinned = thinned('snapshots', number, stored.whole_to ?? observedAt, asOf ?? observedAt).length > 0;
      // Where the venue states its own and the poll is not kept, it is not known, and the prices do not stand for it.
      const beside = fromBeside(besideOf.get({ number, observedAt }) ?? null, one?.snapshot.premium !== undefined, observedAt);
      const snapshot = { ...snapshotOf(stored, symbol, ofThen), ...beside };
      return [{ instrument, snapshot, observedAt, delisted: isDelisted, thinned: isThinned }];
    });
  };

  /** The newest poll of the hour in progress then and of the one before, where polls are kept; else the newest hour that was closed. */
  function storedBefore(asOf: number): (number: number) => Stored | undefined {
    // A row's own time may lie in the hour before, which was closed without it.
    const from = Math.floor(asOf / HOUR_MS) * HOUR_MS - HOUR_MS;
    const polls = new Map(polledHot.all(from, asOf, asOf).map((row) => [row.instrument, row]));
    const hours = new Map(closedHot.all(asOf, asOf).map((row) => [row.instrument, row]));
    const newer = (a: Stored | undefined, b: Stored | undefined): Stored | undefined =>
      !a || (b && b.observed_at > a.observed_at) ? b : a;
    return (number) =>
      newer(
        newer(polls.get(number), polledCold.get(number, from, asOf, asOf)),
        newer(hours.get(number), closedCold.get(number, asOf, asOf)),
      );
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
