import type { Database } from 'better-sqlite3';

/**
 * Migration: nothing is updated in place any more. The tables hold the first word, and when this machine learnt it; a later word
 * is a row beside it, in a table `..._later`, and the newest that was learnt by a moment is the value of that moment. What was
 * learnt when nothing kept its time counts as learnt at this migration (`taken_over_at`), and says that it is unknown.
 * `least_reader` is the least version that can read what this one writes.
 */
export function addVersions(db: Database, now: number): void {
  db.exec(`
    CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

    -- One row per transaction that learns prices of long ago.
    CREATE TABLE batches (number INTEGER PRIMARY KEY, learnt_at INTEGER NOT NULL) STRICT;
    -- When a price was learnt, in 3 bytes instead of 6: ms after its close where that is soon, else its batch as a negative number; NULL: unknown.
    ALTER TABLE prices ADD COLUMN learnt INTEGER;
    CREATE TABLE prices_later (
      instrument INTEGER NOT NULL,
      close INTEGER NOT NULL,
      version INTEGER NOT NULL,
      learnt_at INTEGER NOT NULL,
      mark REAL CHECK (mark > 0),
      idx REAL CHECK (idx > 0),
      last REAL CHECK (last > 0),
      PRIMARY KEY (instrument, close, version)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE settled_later (
      instrument INTEGER NOT NULL,
      key INTEGER NOT NULL,
      version INTEGER NOT NULL,
      learnt_at INTEGER NOT NULL,
      interval_h REAL CHECK (interval_h > 0),
      interval_source INTEGER CHECK (interval_source IN (1, 2, 3)),
      mark REAL CHECK (mark > 0),
      premium REAL,
      PRIMARY KEY (instrument, key, version),
      CHECK ((interval_h IS NULL) = (interval_source IS NULL))
    ) STRICT, WITHOUT ROWID;

    ALTER TABLE instruments ADD COLUMN learnt_at INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE instruments_later (
      instrument INTEGER NOT NULL,
      version INTEGER NOT NULL,
      learnt_at INTEGER NOT NULL,
      asset TEXT NOT NULL,
      quote TEXT NOT NULL,
      settle TEXT NOT NULL,
      contract TEXT NOT NULL CHECK (contract IN ('linear', 'inverse')),
      multiplier REAL NOT NULL CHECK (multiplier > 0),
      contract_size REAL CHECK (contract_size > 0),
      asset_class TEXT,
      aliases TEXT NOT NULL,
      listed_at INTEGER CHECK (listed_at >= 0),
      delisted_at INTEGER CHECK (delisted_at >= 0),
      PRIMARY KEY (instrument, version)
    ) STRICT, WITHOUT ROWID;

    -- Whether its venue lists an instrument: one row per change, none where it was always listed. The newest is also in \`latest\`.
    CREATE TABLE listings (
      instrument INTEGER NOT NULL,
      version INTEGER NOT NULL,
      learnt_at INTEGER NOT NULL,
      delisted INTEGER NOT NULL CHECK (delisted IN (0, 1)),
      PRIMARY KEY (instrument, version)
    ) STRICT, WITHOUT ROWID;

    -- Every stretch (from_t, to_t] that was proven, and those that were taken back. from_t is NULL where the stretch goes on from the
    -- end of the one before; late_ms is from to_t to when it was learnt, NULL: unknown. What holds now is also in \`spans\`, merged.
    CREATE TABLE spans_learnt (
      instrument INTEGER NOT NULL,
      kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
      version INTEGER NOT NULL,
      from_t INTEGER,
      to_t INTEGER NOT NULL,
      late_ms INTEGER,
      taken_back INTEGER CHECK (taken_back = 1),
      PRIMARY KEY (instrument, kind, version)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO spans_learnt SELECT instrument, kind = 'price', row_number() OVER (PARTITION BY instrument, kind ORDER BY from_t),
      from_t, to_t, NULL, NULL FROM spans;

    -- What was asked for and did not come, whole, whenever that changed: [[from, to, at, since], ...].
    CREATE TABLE asked_later (
      instrument INTEGER NOT NULL,
      kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
      version INTEGER NOT NULL,
      learnt_at INTEGER NOT NULL,
      stretches TEXT NOT NULL,
      PRIMARY KEY (instrument, kind, version)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO asked_later SELECT instrument, kind = 'price', 1, max(at), json_group_array(json_array(from_t, to_t, at, since))
      FROM (SELECT * FROM asked ORDER BY instrument, kind, from_t) GROUP BY instrument, kind;
    DROP TABLE asked;

    ALTER TABLE events ADD COLUMN learnt_at INTEGER;

    -- What retention deleted: the only deletion there is.
    CREATE TABLE thinned (
      number INTEGER PRIMARY KEY,
      what TEXT NOT NULL,
      from_t INTEGER NOT NULL,
      to_t INTEGER NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;
  `);
  const put = db.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
  put.run('taken_over_at', now);
  put.run('least_reader', Number(db.pragma('user_version', { simple: true })) + 1);
  // An instrument was known when the first row of it came.
  db.prepare(
    `UPDATE instruments SET learnt_at = min(
       coalesce((SELECT min(learnt_at) FROM settled WHERE instrument = number), @now),
       coalesce((SELECT min(close) FROM hour_cold WHERE instrument = number), @now),
       coalesce((SELECT min(close) FROM hour_hot WHERE instrument = number), @now),
       coalesce((SELECT min(ts) FROM snapshot_cold WHERE instrument = number), @now),
       coalesce((SELECT observed_at FROM latest WHERE instrument = number), @now), @now)`,
  ).run({ now });
  db.prepare(
    'INSERT INTO listings SELECT instrument, 1, coalesce((SELECT delisted_at FROM instruments WHERE number = instrument), @now), 1 FROM latest WHERE delisted = 1',
  ).run({ now });
}

/** A number that the file keeps of itself; null where it keeps none. */
export function metaOf(db: Database, name: 'taken_over_at' | 'least_reader' | 'file_id' | 'newest_together' | 'archive_of'): number | null {
  const isThere = db.prepare<[], number>("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'meta'").pluck().get() === 1;
  return isThere ? (db.prepare<[string], number>('SELECT value FROM meta WHERE name = ?').pluck().get(name) ?? null) : null;
}
