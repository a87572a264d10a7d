import type { InstrumentRules } from '#core/venue.ts';
import type { MaintenanceRule } from '#domain/decisions/maintenance.ts';
import { asRow, empty, isSymbol, listOf, malformed, parseJson, readAmount, readNumber, type Row } from '../common/read.ts';
import { unitNotes } from '../common/rules.ts';

/** Prices of perpetuals have at most so many decimals less those of the size, and five significant figures; whole ones always fit. */
const MAX_DECIMALS = 6;
const FIGURES = 5;
/** The least order, in USDC: a rule of the venue that no endpoint states. */
const MIN_NOTIONAL = '10';

type Tiers = readonly { readonly floor: string; readonly maxLeverage: string }[];

/** Body of POST /info {type: metaAndAssetCtxs}: rules by coin, delisted ones left out. */
export function parseMeta(venue: string, text: string): ReadonlyMap<string, InstrumentRules> {
  const [first, contexts] = listOf(venue, parseJson(venue, text), 'metaAndAssetCtxs');
  const meta = asRow(first);
  const universe = listOf(venue, meta?.['universe'], 'universe');
  const values = listOf(venue, contexts, 'asset contexts');
  if (universe.length !== values.length) throw malformed(venue, `${universe.length} assets but ${values.length} contexts`);
  const tables = new Map<unknown, unknown>();
  for (const entry of Array.isArray(meta?.['marginTables']) ? meta['marginTables'] : [])
    if (Array.isArray(entry)) tables.set(entry[0], asRow(entry[1])?.['marginTiers']);
  const rules = new Map<string, InstrumentRules>();
  for (const [position, item] of universe.entries()) {
    const asset = asRow(item);
    const name = asset?.['name'];
    if (asset === null || !isSymbol(name) || asset['isDelisted'] === true) continue;
    rules.set(name, rulesOf(name, asset, readNumber(asRow(values[position])?.['markPx']), tables.get(asset['marginTableId'])));
  }
  if (rules.size === 0) throw empty(venue, 'metaAndAssetCtxs has no asset');
  return rules;
}

function rulesOf(name: string, asset: Row, mark: number | null, table: unknown): InstrumentRules {
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
      ...unitNotes(name, true),
      ...(asset['onlyIsolated'] === true ? ['Hyperliquid allows isolated margin only here.'] : []),
      'Prices have at most five significant figures: the tick is that of the price now.',
      'Orders are at least 10 USDC, as Hyperliquid documents it.',
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
