import type { Database } from 'better-sqlite3';
import { isPremium } from '#domain/bounds.ts';
import { hourClose } from '#domain/time.ts';
import type { Observed } from './hour.ts';
import { metaOf } from './versions.ts';

/**
 * The newest observation of each instrument and the sums of the hour that it lies in, as so many 8-byte floats (little-endian), of
 * so many instruments (by their numbers) in one row of the table `newest`: a poll of thousands of instruments writes a hundred rows
 * that it fills anew, which takes a tenth of the time of as many rows with a column for each value. An instrument without any has NaN.
 */
const VALUES = 19;
/** One row lies on one page. */
const INSTRUMENTS = 26;
const BYTES = VALUES * INSTRUMENTS * 8;

type Of = (number: number) => Observed | undefined;

/** Without the symbol, which is the instrument's. */
export type Newest = Omit<Observed, 'snapshot'> & { readonly snapshot: Omit<Observed['snapshot'], 'symbol'> };

/** Migration: takes `latest` over, which had a column for each value; whether an instrument is delisted is in `listings` alone. */
export function addNewest(db: Database): void {
  db.exec(`CREATE TABLE newest (block INTEGER PRIMARY KEY, observations BLOB NOT NULL CHECK (length(observations) = ${BYTES})) STRICT`);
  const rows = new Map(
    db
      .prepare<[], LatestRow>('SELECT * FROM latest')
      .all()
      .map((row) => [row.instrument, observedOf(row)]),
  );
  newestWriter(db)(rows.keys(), (number) => rows.get(number));
  db.exec('DROP TABLE latest');
  db.prepare("UPDATE meta SET value = ? WHERE name = 'least_reader'").run(Number(db.pragma('user_version', { simple: true })) + 1);
}

/**
 * Writes the rows that hold these instruments, inside the caller's transaction; `of` gives the newest of any instrument. `together`: so
 * many instruments share a row.
 */
export function newestWriter(db: Database, together = INSTRUMENTS): (numbers: Iterable<number>, of: Of) => void {
  const put = db.prepare('INSERT INTO newest VALUES (?, ?) ON CONFLICT (block) DO UPDATE SET observations = excluded.observations');
  return (numbers, of) => {
    for (const block of new Set([...numbers].map((number) => Math.floor(number / together)))) {
      const values = new Float64Array(VALUES * together).fill(NaN);
      for (let i = 0; i < together; i++) {
        const observed = of(block * together + i);
        if (observed) fill(values, i * VALUES, observed);
      }
      put.run(block, Buffer.from(values.buffer));
    }
  };
}

export interface NewestReader {
  all(): Map<number, Newest>;
  of(numbers: readonly number[]): Map<number, Newest>;
}

interface Block {
  readonly block: number;
  readonly observations: Uint8Array;
}

export function newestReader(db: Database): NewestReader {
  const together = metaOf(db, 'newest_together') ?? INSTRUMENTS;
  const blockOf = (number: number): number => Math.floor(number / together);
  const select = 'SELECT block, observations FROM newest';
  const all = db.prepare<[], Block>(select);
  const some = db.prepare<[{ numbers: string }], Block>(`${select} WHERE block IN (SELECT value FROM json_each(@numbers))`);
  return {
    all() {
      const found = new Map<number, Newest>();
      for (const { block, observations } of all.all()) {
        const values = floats(observations);
        for (let i = 0; i < together; i++) {
          const newest = taken(values, i * VALUES);
          if (newest) found.set(block * together + i, newest);
        }
      }
      return found;
    },
    of(numbers) {
      const blocks = new Map(
        some
          .all({ numbers: JSON.stringify([...new Set(numbers.map(blockOf))]) })
          .map(({ block, observations }) => [block, floats(observations)]),
      );
      const found = new Map<number, Newest>();
      for (const number of numbers) {
        const values = blocks.get(blockOf(number));
        const newest = values && taken(values, (number % together) * VALUES);
        if (newest) found.set(number, newest);
      }
      return found;
    },
  };
}

/** Copied: floats lie at addresses that 8 divides. */
const floats = (bytes: Uint8Array): Float64Array => new Float64Array(Uint8Array.from(bytes).buffer);

/** In the order in which `taken` reads. */
function fill(values: Float64Array, at: number, observed: Observed): void {
  const { snapshot: s } = observed;
  values[at] = observed.observedAt;
  values[at + 1] = observed.learntAt;
  values[at + 2] = observed.holdMs;
  values[at + 3] = s.rate;
  values[at + 4] = s.intervalH ?? NaN;
  values[at + 5] = s.nextFundingAt ?? NaN;
  values[at + 6] = s.mark ?? NaN;
  values[at + 7] = s.index ?? NaN;
  values[at + 8] = s.openInterest ?? NaN;
  values[at + 9] = s.volume24h ?? NaN;
  values[at + 10] = s.interestPer8h ?? NaN;
  values[at + 11] = observed.rateMin;
  values[at + 12] = observed.rateMax;
  values[at + 13] = observed.premiumMin ?? NaN;
  values[at + 14] = observed.premiumMax ?? NaN;
  values[at + 15] = observed.premiumSum;
  values[at + 16] = observed.coveredMs;
  // A venue that states none now is another thing than one that never does.
  values[at + 17] = s.premium === undefined ? 0 : 1;
  // Of one that never does: when its open interest was told, where that was not with the row.
  values[at + 18] = (s.premium === undefined ? s.openInterestAt : s.premium) ?? NaN;
}

function taken(values: Float64Array, at: number): Newest | null {
  const exact = (i: number): number => values[at + i] ?? NaN;
  const known = (i: number): number | null => {
    const value = exact(i);
    return Number.isNaN(value) ? null : value;
  };
  const observedAt = exact(0);
  if (Number.isNaN(observedAt)) return null;
  return {
    observedAt,
    learntAt: exact(1),
    holdMs: exact(2),
    snapshot: {
      rate: exact(3),
      intervalH: known(4),
      nextFundingAt: known(5),
      mark: known(6),
      index: known(7),
      openInterest: known(8),
      volume24h: known(9),
      interestPer8h: known(10),
      ...(exact(17) === 1 ? { premium: known(18) } : !Number.isNaN(exact(18)) && { openInterestAt: exact(18) }),
    },
    close: hourClose(observedAt),
    rateMin: exact(11),
    rateMax: exact(12),
    premiumMin: known(13),
    premiumMax: known(14),
    premiumSum: exact(15),
    coveredMs: exact(16),
  };
}

/** A row of the table of before. */
interface LatestRow {
  instrument: number;
  observed_at: number;
  hold_ms: number;
  rate: number;
  interval_h: number | null;
  mark: number | null;
  idx: number | null;
  open_interest: number | null;
  volume_24h: number | null;
  next_funding_at: number | null;
  interest_per_8h: number | null;
  hour_close: number;
  rate_min: number;
  rate_max: number;
  premium_min: number | null;
  premium_max: number | null;
  premium_sum: number;
  covered_ms: number;
  serves_premium: number;
  own_premium: number | null;
  /** NULL in rows of before it was kept. */
  learnt_at: number | null;
}

/** Sums that no premiums within bounds can have made are of before there were bounds: that hour is covered by nothing. */
const isSound = ({ premium_sum, covered_ms }: LatestRow): boolean => isPremium(premium_sum / Math.max(covered_ms, 1));
const within = (premium: number | null): number | null => (premium !== null && isPremium(premium) ? premium : null);

const observedOf = (row: LatestRow): Observed => ({
  observedAt: row.observed_at,
  learntAt: row.learnt_at ?? row.observed_at,
  holdMs: row.hold_ms,
  snapshot: {
    symbol: '',
    rate: row.rate,
    intervalH: row.interval_h,
    nextFundingAt: row.next_funding_at,
    mark: row.mark,
    index: row.idx,
    openInterest: row.open_interest,
    volume24h: row.volume_24h,
    interestPer8h: row.interest_per_8h,
    ...(row.serves_premium === 1 && { premium: row.own_premium }),
  },
  close: row.hour_close,
  rateMin: row.rate_min,
  rateMax: row.rate_max,
  premiumMin: within(row.premium_min),
  premiumMax: within(row.premium_max),
  premiumSum: isSound(row) ? row.premium_sum : 0,
  coveredMs: isSound(row) ? row.covered_ms : 0,
});
