import type { OrderRules } from '#core/venue.ts';
import type { MaintenanceRule } from '#domain/decisions/maintenance.ts';
import { asRow, empty, isSymbol, readAmount, readNumber, readText, type Row } from '../common/read.ts';
import { unitNotes } from '../common/rules.ts';
import type { Universe } from './contexts.ts';
import { NAME } from './info.ts';

/** Prices of perpetuals have at most so many decimals less those of the size, and five significant figures; whole ones always fit. */
const MAX_DECIMALS = 6;
const FIGURES = 5;
/** The least order, in what is settled in: a rule of the venue that no endpoint states. */
const MIN_NOTIONAL = '10';

type Tiers = readonly { readonly floor: string; readonly maxLeverage: string }[];

/** What differs from dex to dex. */
export interface DexWords {
  /** The coin without the dex before it. */
  readonly baseOf: (name: string) => string;
  /** What orders are counted in. */
  readonly money: string;
  /** What else is to be said of an asset. */
  readonly notesOf: (asset: Row) => readonly string[];
}
const OWN_DEX: DexWords = { baseOf: (name) => name, money: 'USDC', notesOf: () => [] };

/** Rules by coin of POST /info {type: metaAndAssetCtxs}, delisted ones left out. */
export function rulesIn({ meta, assets }: Universe, words: DexWords = OWN_DEX): ReadonlyMap<string, OrderRules> {
  const tables = new Map<unknown, unknown>();
  for (const entry of Array.isArray(meta['marginTables']) ? meta['marginTables'] : [])
    if (Array.isArray(entry)) tables.set(entry[0], asRow(entry[1])?.['marginTiers']);
  const rules = new Map<string, OrderRules>();
  for (const { name, asset, context } of assets) {
    if (asset === null || !isSymbol(name) || asset['isDelisted'] === true) continue;
    rules.set(name, rulesOf(name, asset, readNumber(context?.['markPx']), tables.get(asset['marginTableId']), words));
  }
  if (rules.size === 0) throw empty(NAME, 'metaAndAssetCtxs has no asset');
  return rules;
}

function rulesOf(name: string, asset: Row, mark: number | null, table: unknown, { baseOf, money, notesOf }: DexWords): OrderRules {
  const decimals = readNumber(asset['szDecimals']);
  const known = decimals !== null && Number.isInteger(decimals) && decimals >= 0 && decimals <= MAX_DECIMALS ? decimals : null;
  const stated = readAmount(asset['maxLeverage']);
  const tiers = tiersOf(table);
  const flat = stated === null ? null : [{ floor: '0', maxLeverage: stated }];
  const maintenance: MaintenanceRule | null = (tiers ?? flat) ? { kind: 'half-initial', tiers: tiers ?? flat ?? [] } : null;
  return {
    lotStep: known === null ? null : tenth(known),
    minQuantity: null,
    maxQuantity: null,
    tickSize: known === null || mark === null || mark <= 0 ? null : tickAt(mark, known),
    minNotional: MIN_NOTIONAL,
    maxNotional: null,
    contractSize: '1',
    maxLeverage: stated ?? tiers?.[0]?.maxLeverage ?? null,
    maintenance,
    liquidationFee: null,
    notes: [
      ...unitNotes(baseOf(name), true),
      ...(asset['onlyIsolated'] === true || readText(asset['marginMode']) !== null
        ? ['Hyperliquid allows isolated margin only here.']
        : []),
      'Prices have at most five significant figures: the tick is that of the price now.',
      `Orders are at least ${MIN_NOTIONAL} ${money}, as Hyperliquid documents it.`,
      ...notesOf(asset),
    ],
  };
}

/** 10^-digits as text. */
const tenth = (digits: number): string => (digits === 0 ? '1' : `0.${'0'.repeat(digits - 1)}1`);

const tickAt = (mark: number, szDecimals: number): string =>
  tenth(Math.max(0, Math.min(MAX_DECIMALS - szDecimals, FIGURES - 1 - Math.floor(Math.log10(mark)))));

/** Tiers of a margin table; null where it is not listed (tables below 50 are flat and are not) or cannot be read. */
function tiersOf(table: unknown): Tiers | null {
  if (!Array.isArray(table) || table.length === 0) return null;
  const tiers = table.map((item) => {
    const row = asRow(item);
    const floor = readNumber(row?.['lowerBound']);
    return { floor: floor === 0 ? '0' : readAmount(row?.['lowerBound']), maxLeverage: readAmount(row?.['maxLeverage']) };
  });
  const whole = tiers.flatMap(({ floor, maxLeverage }) => (floor === null || maxLeverage === null ? [] : [{ floor, maxLeverage }]));
  const rises = whole.every(({ floor }, i) => (i === 0 ? floor === '0' : Number(floor) > Number(whole[i - 1]?.floor)));
  return whole.length === tiers.length && rises ? whole : null;
}
