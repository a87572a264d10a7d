import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { MaintenanceRule, Tier } from '#domain/decisions/maintenance.ts';
import type { AssetClass, Instrument } from '#domain/instrument.ts';
import { readCap } from '../common/poll.ts';
import { asRow, isSymbol, listOf, readAmount, readIsoTime, readNumber, readText, type Row } from '../common/read.ts';
import { grouped } from '../common/rules.ts';
import { NAME, parseObject } from './body.ts';

export interface KrakenListing extends Pick<Instrument, 'assetClass' | 'listedAt'> {
  readonly contract: Instrument['contract'];
  readonly tradeable: boolean;
  /** Per hour; undefined: not stated. */
  readonly cap: number | undefined;
  readonly floor: number | undefined;
  readonly rules: OrderRules;
}

/** PF_ is linear and settles in dollars whatever stands behind it, PI_ is inverse; both without a day of delivery. Null for all others. */
export const kindOf = (symbol: string): Instrument['contract'] | null =>
  /^PF_/iu.test(symbol) ? 'linear' : /^PI_/iu.test(symbol) ? 'inverse' : null;

/** Body of GET /derivatives/api/v3/instruments: perpetuals by symbol. */
export function parseInstruments(text: string): ReadonlyMap<string, KrakenListing> {
  const listings = new Map<string, KrakenListing>();
  for (const item of listOf(NAME, parseObject(text, 'instruments')['instruments'], 'list of instruments')) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const contract = isSymbol(symbol) ? kindOf(symbol) : null;
    if (row === null || !isSymbol(symbol) || contract === null) continue;
    const most = readNumber(row['maxRelativeFundingRate']);
    listings.set(symbol, {
      contract,
      tradeable: row['tradeable'] !== false,
      assetClass: classOf(row),
      listedAt: readIsoTime(row['openingDate']),
      // "The absolute value of the maximum permissible funding rate"; a few contracts state their least one apart.
      cap: readCap(most, 1),
      floor: readCap(row['minRelativeFundingRate'], -1) ?? readCap(most === null ? null : -most, -1),
      rules: rulesOf(row, contract),
    });
  }
  return listings;
}

const CLASSES: readonly (readonly [name: RegExp, assetClass: AssetClass])[] = [
  [/stock|equit/iu, 'equity'],
  [/commodit|metal/iu, 'commodity'],
  [/forex|currenc/iu, 'currency'],
  [/ind(?:ex|ices)/iu, 'index'],
];

/** What is "tradfi" is of the old world, of a kind that its category names. */
function classOf(row: Row): AssetClass | null {
  if (row['tradfi'] !== true) return 'crypto';
  const category = readText(row['category']) ?? '';
  return CLASSES.find(([name]) => name.test(category))?.[1] ?? null;
}

/** Lots are so many decimals of the base coin; inverse contracts are whole dollars. */
function lotOf(row: Row): string | null {
  const decimals = readNumber(row['contractValueTradePrecision']);
  return decimals === null || !Number.isInteger(decimals) || Math.abs(decimals) > 12 ? null : exact(10).pow(-decimals).toFixed();
}

function rulesOf(row: Row, contract: Instrument['contract']): OrderRules {
  const lot = lotOf(row);
  const most = readAmount(row['maxPositionSize']);
  const { maintenance, maxLeverage } = marginOf(row, contract);
  return {
    lotStep: lot,
    minQuantity: lot,
    maxQuantity: most,
    tickSize: readAmount(row['tickSize']),
    minNotional: null,
    maxNotional: null,
    contractSize: readAmount(row['contractSize']) ?? '1',
    maxLeverage,
    maintenance,
    liquidationFee: null,
    notes: [
      ...(most === null
        ? []
        : [`The largest position that ${NAME} allows is ${grouped(most)} ${contract === 'linear' ? 'coins' : 'contracts'}.`]),
      maintenance === null
        ? `${NAME} does not state its margin levels here, so there is no maintenance margin.`
        : 'Margin levels are taken for the whole position.',
      `What ${NAME} charges for a liquidation itself is left out.`,
    ],
  };
}

/** `marginLevels`: floors in contracts of inverse contracts, in dollars ("numNonContractUnits") of the others. */
function marginOf(row: Row, contract: Instrument['contract']): { maintenance: MaintenanceRule | null; maxLeverage: string | null } {
  const none = { maintenance: null, maxLeverage: null };
  if (!Array.isArray(row['marginLevels']) || row['marginLevels'].length === 0) return none;
  const field = contract === 'inverse' ? 'contracts' : 'numNonContractUnits';
  const levels = row['marginLevels'].map((item: unknown) => {
    const level = asRow(item);
    const from = readNumber(level?.[field]);
    const floor = from === 0 ? '0' : readAmount(level?.[field]);
    return { floor, initial: readAmount(level?.['initialMargin']), rate: readAmount(level?.['maintenanceMargin']) };
  });
  const tiers = levels.flatMap(({ floor, initial, rate }): Tier[] =>
    floor === null || initial === null || rate === null ? [] : [{ floor, rate, maxLeverage: exact(1).div(exact(initial)).toFixed(2) }],
  );
  const rises = tiers.every(({ floor }, i) => (i === 0 ? floor === '0' : Number(floor) > Number(tiers[i - 1]?.floor)));
  if (tiers.length < levels.length || !rises) return none;
  const by = contract === 'inverse' ? ('contracts' as const) : ('notional' as const);
  return { maintenance: { kind: 'tiers', tiers, charge: 'whole', by }, maxLeverage: String(tiers[0]?.maxLeverage) };
}
