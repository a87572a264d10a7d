import type { Database } from 'better-sqlite3';
import type { Instrument } from '#domain/instrument.ts';

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

/** Of `instruments i`, in the order that `instrumentValues` gives. */
const COLUMNS = [
  ...['id', 'venue', 'symbol', 'asset', 'quote', 'settle', 'contract', 'multiplier'],
  ...['contract_size', 'asset_class', 'aliases', 'listed_at', 'delisted_at'],
] as const;

export const INSTRUMENT_COLUMNS: readonly string[] = COLUMNS;
export const INSTRUMENT = COLUMNS.map((column) => `i.${column}`).join(', ');

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
