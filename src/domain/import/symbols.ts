import { canonicalAsset } from '../aliases.ts';
import { type Instrument, instrumentId, newInstrument } from '../instrument.ts';
import { splitMultiplier } from '../multiplier.ts';

/** What a person says of an instrument that nothing is known of. */
export interface SaidInstrument {
  readonly asset?: string | undefined;
  readonly quote?: string | undefined;
  readonly settle?: string | undefined;
}

/** BTCUSDT, BTC-USDT and "BTCUSDT Perpetual" name one instrument. */
export const sameName = (a: string, b: string): boolean => nameKey(a) === nameKey(b);

/** ccxt's one spelling: BTC/USDT:USDT. */
const UNIFIED = /^([^/:\s]{1,30})\/([^/:\s]{1,12})(?::([^/:\s]{1,12}))?$/u;
const nameKey = (name: string): string => {
  const unified = UNIFIED.exec(name);
  const plain = unified === null ? name : `${unified[1] ?? ''}${unified[2] ?? ''}`;
  return plain
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/(?:PERPETUAL|PERP|SWAP)$/u, '');
};

/** A coin and the money behind it, as symbols of linear contracts end: BTCUSDT, BTC-USDC-SWAP, BTC_USDT. USD alone is not among them: it may be settled in the coin. */
const LINEAR = /^(.{1,30}?)[-_/]?(USDT|USDC)(?:[-_:/].{0,12}|M)?$/su;

/** The known instrument that a name of a file means; null: none, or several. */
export function knownAs(name: string, known: readonly Instrument[]): Instrument | null {
  const exact = known.find(({ symbol }) => symbol === name);
  if (exact !== undefined) return exact;
  const unified = UNIFIED.exec(name);
  const alike = known.filter(
    (one) => sameName(one.symbol, name) && (unified === null || unified[3] === undefined || one.settle === '' || one.settle === unified[3]),
  );
  return alike.length === 1 ? (alike[0] ?? null) : null;
}

/**
 * An instrument of a venue that the history does not know yet, of its symbol as the venue spells it and of what a person says; null where these
 * do not tell the coin, its money and what it settles in. Contracts settled in another coin than their money are inverse.
 */
export function instrumentNamed(venue: string, symbol: string, said: SaidInstrument, kPrefix: boolean): Instrument | null {
  const found = LINEAR.exec(symbol);
  const quote = said.quote ?? found?.[2];
  const settle = said.settle ?? (said.quote === undefined ? found?.[2] : undefined);
  const base = said.asset ?? found?.[1];
  if (quote === undefined || settle === undefined || base === undefined || base === '') return null;
  const { asset, multiplier } = splitMultiplier(base, { kPrefix });
  const contract = settle === quote ? 'linear' : 'inverse';
  return newInstrument({
    id: instrumentId(venue, symbol),
    venue,
    symbol,
    ...canonicalAsset(asset),
    multiplier,
    quote,
    settle,
    contract,
    contractSize: null,
  });
}
