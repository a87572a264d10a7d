import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { AssetClass, Instrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { readIso } from '../common/iso.ts';
import { perpetual, readDate } from '../common/poll.ts';
import { isSymbol, readAmount, readName, readNumber, readText, type Row } from '../common/read.ts';
import { grouped, unitNotes } from '../common/rules.ts';
import { ID, NAME } from './body.ts';

/** `typ` of perpetuals by what is behind them; all else in the list is spot, dated, a bet or an index. */
const CLASSES: ReadonlyMap<unknown, AssetClass> = new Map([
  ['FFWCSX', 'crypto'],
  ['FFWCSF', 'currency'],
  ['FFSCSX', 'equity'],
]);
export const isPerpetual = (row: Row): boolean => CLASSES.has(row['typ']);

/** Money that contracts settle in: the coin, and how many of the venue's units are one. */
const SETTLE: ReadonlyMap<unknown, { readonly coin: string; readonly units: number }> = new Map([
  ['XBt', { coin: 'BTC', units: 1e8 }],
  ['USDt', { coin: 'USDT', units: 1e6 }],
  ['Gwei', { coin: 'ETH', units: 1e9 }],
  ['LAMp', { coin: 'SOL', units: 1e9 }],
]);

/** What a contract is, or why its amounts cannot be told. */
export type Read = { readonly instrument: Instrument; readonly reason: null } | { readonly instrument: null; readonly reason: string };

const not = (reason: string): Read => ({ instrument: null, reason });

/**
 * One contract is |multiplier| units of the settle currency: at a price of 1 of a linear contract (so much coin), over the price of an
 * inverse one (so much quote money). A quanto contract is paid in a coin that it is neither priced in nor of.
 */
export function readContract(row: Row): Read {
  const { symbol } = row;
  const [base, quote, settle] = [readName(row['underlying']), readName(row['quoteCurrency']), SETTLE.get(row['settlCurrency'])];
  if (!isSymbol(symbol) || base === null || quote === null) return not('its coins are not named');
  if (row['isQuanto'] === true)
    return not('a quanto contract: it is paid in a coin that it is neither priced in nor of, at a rate that is fixed');
  if (settle === undefined) return not(`it settles in ${readText(row['settlCurrency']) ?? 'nothing'}, of which the unit is not known`);
  const multiplier = readNumber(row['multiplier']);
  if (multiplier === null || multiplier === 0) return not('what one contract is is not said');
  const listedAt = readDate(readIso(row['listing']));
  const contract = row['isInverse'] === true ? 'inverse' : 'linear';
  const contractSize = exact(Math.abs(multiplier)).div(settle.units).toNumber();
  const stated = { venue: ID, symbol, base, quote, settle: settle.coin, contract, contractSize, listedAt } as const;
  return { instrument: perpetual({ ...stated, assetClass: CLASSES.get(row['typ']) ?? null }), reason: null };
}

/** Hours of an interval, which is written as a time after 2000-01-01; null for what is none. */
export function readInterval(value: unknown): number | null {
  const hours = ((readIso(value) ?? NaN) - Date.UTC(2000, 0, 1)) / HOUR_MS;
  return hours > 0 && hours <= 24 ? hours : null;
}

/** "The Funding Rate is capped at 75% of (Initial Margin - Maintenance Margin)": #Funding-Rate-Caps of the guide. Null where one is not stated. */
export function capOf(row: Row): number | null {
  const [initial, maintenance] = [readAmount(row['initMargin']), readAmount(row['maintMargin'])];
  if (initial === null || maintenance === null) return null;
  const cap = exact(initial).minus(maintenance).times(0.75).toNumber();
  return cap > 0 && cap <= 1 ? cap : null;
}

/** "(Interest Quote Index - Interest Base Index) / 3", both of a day; null where one is not stated. */
export function interestOf(row: Row): number | null {
  const [quote, base] = [readNumber(row['fundingQuoteRate']), readNumber(row['fundingBaseRate'])];
  return quote === null || base === null ? null : exact(quote).minus(base).div(3).toNumber();
}

export function rulesOf(row: Row, { contractSize }: Instrument): OrderRules {
  const [initial, maintenance, lot] = [readAmount(row['initMargin']), readAmount(row['maintMargin']), readAmount(row['lotSize'])];
  const settle = SETTLE.get(row['settlCurrency']);
  const limit = readNumber(row['riskLimit']);
  const risk = limit === null || settle === undefined ? null : exact(limit).div(settle.units);
  return {
    lotStep: lot,
    minQuantity: lot,
    maxQuantity: readAmount(row['maxOrderQty']),
    tickSize: readAmount(row['tickSize']),
    minNotional: null,
    maxNotional: null,
    contractSize: contractSize === null ? null : exact(contractSize).toFixed(),
    maxLeverage: initial === null ? null : exact(1).div(initial).toDecimalPlaces(4, 1).toFixed(),
    maintenance: maintenance === null ? null : { kind: 'flat', rate: maintenance },
    liquidationFee: null,
    notes: [
      ...unitNotes(String(row['underlying'])),
      risk === null || settle === undefined
        ? `${NAME} asks for more margin of large positions; here it is the least.`
        : `${NAME} asks for more margin of a position worth more than ${grouped(risk.toFixed())} ${settle.coin}; here it is the least.`,
    ],
  };
}
