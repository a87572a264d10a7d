import type { Database } from 'better-sqlite3';
import type { AsOf } from '#core/ports/history.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';

/**
 * Migration: what one contract is, what is traded, its other names, when it was listed and delisted. The linear contracts of
 * before were of venues that count in units of the price; the rest comes with the next answer of the venue.
 */
export function addIdentity(db: Database): void {
  db.exec(`
    ALTER TABLE instruments ADD COLUMN contract_size REAL CHECK (contract_size > 0);
    ALTER TABLE instruments ADD COLUMN asset_class TEXT;
    ALTER TABLE instruments ADD COLUMN aliases TEXT NOT NULL DEFAULT '';
    ALTER TABLE instruments ADD COLUMN listed_at INTEGER CHECK (listed_at >= 0);
    ALTER TABLE instruments ADD COLUMN delisted_at INTEGER CHECK (delisted_at >= 0);
    UPDATE instruments SET contract_size = 1 WHERE contract = 'linear';
  `);
}

/** Of `instruments i`, in the order that `instrumentValues` gives; the first three never change. */
const COLUMNS = [
  ...['id', 'venue', 'symbol', 'asset', 'quote', 'settle', 'contract', 'multiplier'],
  ...['contract_size', 'asset_class', 'aliases', 'listed_at', 'delisted_at'],
] as const;

export const INSTRUMENT_COLUMNS: readonly string[] = COLUMNS;

/** A row of the table, whatever else was read beside it. */
export type InstrumentRow = Omit<Instrument, 'contractSize' | 'assetClass' | 'aliases' | 'listedAt' | 'delistedAt'> & {
  readonly contract_size: number | null;
  readonly asset_class: Instrument['assetClass'];
  readonly aliases: string;
  readonly listed_at: number | null;
  readonly delisted_at: number | null;
};

/** Names hold no space. */
const BETWEEN = ' ';

export const instrumentFrom = (row: InstrumentRow): Instrument => ({
  id: row.id,
  venue: row.venue,
  symbol: row.symbol,
  asset: row.asset,
  aliases: row.aliases === '' ? [] : row.aliases.split(BETWEEN),
  quote: row.quote,
  settle: row.settle,
  contract: row.contract,
  multiplier: row.multiplier,
  contractSize: row.contract_size,
  assetClass: row.asset_class,
  listedAt: row.listed_at,
  delistedAt: row.delisted_at,
});

export const instrumentValues = (one: Instrument): readonly (string | number | null)[] => [
  ...[one.id, one.venue, one.symbol, one.asset, one.quote, one.settle, one.contract, one.multiplier],
  ...[one.contractSize, one.assetClass, one.aliases.join(BETWEEN), one.listedAt, one.delistedAt],
];

/** By a later word of these another version of the instrument begins; its id, venue and symbol are what it is known by. */
export const CHANGING_COLUMNS: readonly string[] = COLUMNS.slice(3);

export const changingValues = (one: Instrument): readonly (string | number | null)[] => instrumentValues(one).slice(3);

export interface NumberedInstrument {
  readonly number: number;
  readonly instrument: Instrument;
  /** How many later words there are. */
  readonly version: number;
}

/** Reads instruments, all or these, each in the newest version that was learnt by then, in the order of their numbers. */
export function instrumentsReader(db: Database): (asOf: AsOf, ids?: readonly InstrumentId[] | null) => NumberedInstrument[] {
  const columns = COLUMNS.map((column) =>
    CHANGING_COLUMNS.includes(column) ? `CASE WHEN l.version IS NULL THEN i.${column} ELSE l.${column} END AS ${column}` : `i.${column}`,
  );
  type Row = InstrumentRow & { number: number; version: number };
  const select = `SELECT i.number, coalesce(l.version, 0) AS version, ${columns.join(', ')} FROM instruments i LEFT JOIN instruments_later l
       ON l.instrument = i.number
       AND l.version = (SELECT max(version) FROM instruments_later WHERE instrument = i.number AND learnt_at <= @known)
     WHERE i.learnt_at <= @known`;
  const all = db.prepare<[{ known: number }], Row>(`${select} ORDER BY i.number`);
  const some = db.prepare<[{ known: number; ids: string }], Row>(
    `${select} AND i.id IN (SELECT value FROM json_each(@ids)) ORDER BY i.number`,
  );
  return (asOf, ids = null) => {
    const known = asOf ?? Infinity;
    const rows = ids === null ? all.all({ known }) : some.all({ known, ids: JSON.stringify(ids) });
    return rows.map((row) => ({ number: row.number, version: row.version, instrument: instrumentFrom(row) }));
  };
}

/** Reads the numbers of instruments that their venues list no longer, as far as that was learnt by then. */
export function delistedReader(db: Database): (asOf: AsOf) => Set<number> {
  const read = db
    .prepare<[number], number>(
      `SELECT instrument FROM listings l WHERE delisted = 1
         AND version = (SELECT max(version) FROM listings WHERE instrument = l.instrument AND learnt_at <= ?)`,
    )
    .pluck();
  return (asOf) => new Set(read.all(asOf ?? Infinity));
}
