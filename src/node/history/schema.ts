import type { Database } from 'better-sqlite3';
import { addAlerts } from './alerts.ts';
import { addAsked } from './asked.ts';
import { addBooks } from './books.ts';
import { addChanges } from './changes.ts';
import { HistoryError } from './errors.ts';
import { addImports, addVenueRates } from './imported.ts';
import { addIdentity } from './instruments.ts';
import { dropStatistics } from './maintain.ts';
import { mendIntervals } from './mend-intervals.ts';
import { addNewest } from './newest.ts';
import { addOrderRules } from './order-rules.ts';
import { packPremiums } from './polled-premium.ts';
import { addRuns } from './runs.ts';
import { addScenarios } from './scenarios.ts';
import { addSeen } from './seen.ts';
import { addPolledPremium } from './snapshots.ts';
import { addFundingCaps, addTerms } from './terms.ts';
import { tellThinnedBefore } from './thinned.ts';
import { addVersions } from './versions.ts';

/** In the file's header: tells our databases from any other, and the demo's from the real one. */
export const APPLICATION_ID = { live: 0x50525043, demo: 0x50525044 } as const;
export type DatabaseKind = keyof typeof APPLICATION_ID;

/** Forward only. Runs at `now` (ms) in one transaction together with the new user_version; a shipped one never changes. */
export type Migration = (db: Database, now: number) => void;

const SNAPSHOT = `
  rate REAL NOT NULL,
  interval_h REAL CHECK (interval_h > 0),
  mark REAL CHECK (mark > 0),
  idx REAL CHECK (idx > 0),
  open_interest REAL CHECK (open_interest >= 0),
  volume_24h REAL CHECK (volume_24h >= 0)`;

const OBSERVED = `
  instrument INTEGER NOT NULL,
  ts INTEGER NOT NULL CHECK (ts >= 0),${SNAPSHOT},
  next_funding_at INTEGER`;

const HOUR = `
  instrument INTEGER NOT NULL,
  close INTEGER NOT NULL CHECK (close % 3600000 = 0),
  observed_at INTEGER NOT NULL,${SNAPSHOT},
  rate_min REAL NOT NULL CHECK (rate_min <= rate),
  rate_max REAL NOT NULL CHECK (rate_max >= rate),
  premium REAL,
  premium_min REAL,
  premium_max REAL,
  covered_ms INTEGER NOT NULL CHECK (covered_ms BETWEEN 0 AND 3600000)`;

/*
 * Instruments are numbered: rows name 1 to 2 bytes, not the id. Polls and hours go to time-ordered hot tables, whose appends
 * touch few pages, and move in batches to instrument-ordered cold ones, which read one instrument in few pages: a single
 * table keyed by instrument would write thousands of pages at every poll. WITHOUT ROWID: the key is the order on disk.
 * Instruments are never deleted and numbers come from our own map, so there are no foreign keys to check at every row.
 */
const first: Migration = (db) => {
  db.exec(`
    CREATE TABLE instruments (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      venue TEXT NOT NULL,
      symbol TEXT NOT NULL,
      asset TEXT NOT NULL,
      quote TEXT NOT NULL,
      settle TEXT NOT NULL,
      contract TEXT NOT NULL CHECK (contract IN ('linear', 'inverse')),
      multiplier REAL NOT NULL CHECK (multiplier > 0)
    ) STRICT;

    -- interval_source: 1 stated by the venue for this row, 2 known from an observation of that hour, 3 from the gap before it
    CREATE TABLE settled (
      instrument INTEGER NOT NULL,
      key INTEGER NOT NULL CHECK (key >= 0),
      stamp INTEGER NOT NULL CHECK (stamp >= 0),
      rate REAL NOT NULL,
      interval_h REAL CHECK (interval_h > 0),
      interval_source INTEGER CHECK (interval_source IN (1, 2, 3)),
      mark REAL CHECK (mark > 0),
      learnt_at INTEGER NOT NULL,
      PRIMARY KEY (instrument, key),
      CHECK ((interval_h IS NULL) = (interval_source IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE conflicts (
      instrument INTEGER NOT NULL,
      key INTEGER NOT NULL,
      other_rate REAL NOT NULL,
      kept_rate REAL NOT NULL,
      other_stamp INTEGER NOT NULL,
      first_seen INTEGER NOT NULL,
      last_seen INTEGER NOT NULL,
      times INTEGER NOT NULL CHECK (times > 0),
      PRIMARY KEY (instrument, key, other_rate)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE prices (
      instrument INTEGER NOT NULL,
      close INTEGER NOT NULL CHECK (close % 3600000 = 0),
      mark REAL CHECK (mark > 0),
      idx REAL CHECK (idx > 0),
      last REAL CHECK (last > 0),
      PRIMARY KEY (instrument, close)
    ) STRICT, WITHOUT ROWID;

    -- Proven stretches (from_t, to_t]: merged, so no two of one kind overlap or touch.
    CREATE TABLE spans (
      instrument INTEGER NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('settled', 'price')),
      from_t INTEGER NOT NULL,
      to_t INTEGER NOT NULL CHECK (to_t > from_t),
      PRIMARY KEY (instrument, kind, from_t)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE snapshot_hot (${OBSERVED}, PRIMARY KEY (ts, instrument)) STRICT, WITHOUT ROWID;
    CREATE TABLE snapshot_cold (${OBSERVED}, PRIMARY KEY (instrument, ts)) STRICT, WITHOUT ROWID;
    CREATE TABLE hour_hot (${HOUR}, PRIMARY KEY (close, instrument)) STRICT, WITHOUT ROWID;
    CREATE TABLE hour_cold (${HOUR}, PRIMARY KEY (instrument, close)) STRICT, WITHOUT ROWID;

    -- The newest observation of each instrument and the sums of the hour that it lies in.
    CREATE TABLE latest (
      instrument INTEGER PRIMARY KEY,
      observed_at INTEGER NOT NULL,
      hold_ms INTEGER NOT NULL CHECK (hold_ms > 0),${SNAPSHOT},
      next_funding_at INTEGER,
      interest_per_8h REAL,
      hour_close INTEGER NOT NULL CHECK (hour_close % 3600000 = 0),
      rate_min REAL NOT NULL,
      rate_max REAL NOT NULL,
      premium_min REAL,
      premium_max REAL,
      premium_sum REAL NOT NULL,
      covered_ms INTEGER NOT NULL CHECK (covered_ms BETWEEN 0 AND 3600000)
    ) STRICT;

    CREATE TABLE signals (
      instrument INTEGER NOT NULL,
      at INTEGER NOT NULL,
      side INTEGER NOT NULL CHECK (side IN (-1, 1)),
      d REAL NOT NULL,
      theta REAL NOT NULL CHECK (theta > 0),
      k INTEGER NOT NULL CHECK (k > 0),
      n INTEGER NOT NULL CHECK (n > 0),
      observations INTEGER NOT NULL,
      running INTEGER NOT NULL,
      PRIMARY KEY (instrument, at, theta, k, n)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE events (
      number INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      kind TEXT NOT NULL,
      venue TEXT NOT NULL,
      instrument TEXT,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX events_at ON events (at);
  `);
};

/** The venue's own premium of the newest observation; serves_premium tells a venue that states none now from one that never does. */
const addOwnPremium: Migration = (db) => {
  db.exec('ALTER TABLE latest ADD COLUMN serves_premium INTEGER NOT NULL DEFAULT 0 CHECK (serves_premium IN (0, 1))');
  db.exec('ALTER TABLE latest ADD COLUMN own_premium REAL');
};

/**
 * The venue's own premium of a settled row. Rows of before get theirs when the venue gives them again, so the stretches that are
 * proven of the one venue that serves it (500 rows a call) count as not asked for; every row stays as it is.
 */
const addSettledPremium: Migration = (db) => {
  db.exec('ALTER TABLE settled ADD COLUMN premium REAL');
  db.exec("DELETE FROM spans WHERE kind = 'settled' AND instrument IN (SELECT number FROM instruments WHERE venue = 'hyperliquid')");
};

/**
 * Binance states its interest per 8 h, and it was read as if it were per interval: twice too much on 4 h. The demo's own wire
 * meant it so, and was read right.
 */
const mendInterest: Migration = (db) => {
  if (db.pragma('application_id', { simple: true }) === APPLICATION_ID.demo) return;
  db.exec(`UPDATE latest SET interest_per_8h = interest_per_8h * interval_h / 8
    WHERE interval_h IS NOT NULL AND instrument IN (SELECT number FROM instruments WHERE venue = 'binance')`);
};

/**
 * Whether a venue lists an instrument no longer. Until now that was guessed at every start: of those that the venue's last
 * answers lacked for ten minutes. Prices and premiums of before there were bounds for them go, the rows beside them stay.
 */
const addDelisted: Migration = (db) => {
  db.exec(`
    ALTER TABLE latest ADD COLUMN delisted INTEGER NOT NULL DEFAULT 0 CHECK (delisted IN (0, 1));
    UPDATE latest SET delisted = 1 WHERE instrument IN (
      SELECT l.instrument FROM latest l JOIN instruments i ON i.number = l.instrument
      JOIN (SELECT venue, max(observed_at) AS newest FROM latest JOIN instruments ON number = instrument GROUP BY venue) v ON v.venue = i.venue
      WHERE l.observed_at < v.newest - 600000);
    UPDATE settled SET mark = NULL WHERE mark > 1e12 OR mark < 1e-12;
    UPDATE latest SET own_premium = NULL WHERE abs(own_premium) > 1;
  `);
  for (const table of ['snapshot_hot', 'snapshot_cold', 'hour_hot', 'hour_cold', 'latest', 'prices'])
    for (const price of ['mark', 'idx']) db.exec(`UPDATE ${table} SET ${price} = NULL WHERE ${price} > 1e12 OR ${price} < 1e-12`);
  for (const table of ['hour_hot', 'hour_cold'])
    db.exec(`UPDATE ${table} SET premium = NULL, premium_min = NULL, premium_max = NULL, covered_ms = 0
      WHERE abs(premium) > 1 OR abs(premium_min) > 1 OR abs(premium_max) > 1`);
};

/** The demo's clock begins anew at each start, behind what it recorded in the run before: what it knew then it did not learn earlier than that. */
const addVersionsThen: Migration = (db, now) => {
  const isDemo = db.pragma('application_id', { simple: true }) === APPLICATION_ID.demo;
  const newest = isDemo ? db.prepare<[], number | null>('SELECT max(observed_at) FROM latest').pluck().get() : null;
  addVersions(db, Math.max(now, newest ?? now));
};

export const MIGRATIONS: readonly Migration[] = [
  first,
  addScenarios,
  addBooks,
  addAlerts,
  addOwnPremium,
  addSettledPremium,
  addFundingCaps,
  mendInterest,
  addDelisted,
  // Before the holes are looked for: they are told by the interval.
  mendIntervals,
  addAsked,
  addIdentity,
  addTerms,
  addVersionsThen,
  addSeen,
  addChanges,
  addNewest,
  addOrderRules,
  addPolledPremium,
  packPremiums,
  dropStatistics,
  tellThinnedBefore,
  addRuns,
  addImports,
  addVenueRates,
];

export const versionOf = (db: Database): number => Number(db.pragma('user_version', { simple: true }));

/** Brings the database to the newest version, one transaction per step: killed or failed half-way, the step has not happened. */
export function migrate(db: Database, migrations: readonly Migration[] = MIGRATIONS, now: number = Date.now()): void {
  for (let version = versionOf(db); version < migrations.length; version++) {
    const up = migrations[version];
    if (!up) throw new HistoryError('failed', 'The history has a version that cannot be.', `user_version ${version}`);
    db.transaction(() => {
      up(db, now);
      db.pragma(`user_version = ${version + 1}`);
    }).immediate();
  }
}

/** Names and definitions of our tables and indexes, to tell a whole database from one that lost some. */
export const schemaOf = (db: Database): string =>
  db
    .prepare<[], string>("SELECT coalesce(sql, name) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all()
    .join('\n');
