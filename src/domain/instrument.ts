/** A venue is an exchange or one of its account types; the id is a short lower-case slug ("binance"). */
export type VenueId = string;

/** `venue:symbol`, the symbol exactly as the venue spells it ("bybit:1000PEPEUSDT"). */
export type InstrumentId = string;

/** One perpetual on one venue. USDT-, USDC- and coin-margined contracts of one coin are distinct instruments. */
export interface Instrument {
  readonly id: InstrumentId;
  readonly venue: VenueId;
  readonly symbol: string;
  /** The underlying coin after removing the multiplier prefix: the key that joins instruments across venues. */
  readonly asset: string;
  readonly quote: string;
  readonly settle: string;
  readonly contract: 'linear' | 'inverse';
  /** Coins per contract unit: 1000 for 1000PEPE and kPEPE, 1 for BTC. */
  readonly multiplier: number;
}

/** The one word for its money, prices included: a linear contract is priced and settled alike, whatever the venue calls its quote. */
export const moneyOf = ({ contract, settle, quote }: Pick<Instrument, 'contract' | 'settle' | 'quote'>): string =>
  contract === 'linear' ? settle : quote;

/** "1000PEPE": the coin in the units that its prices are of. */
export const coinOf = ({ asset, multiplier }: Pick<Instrument, 'asset' | 'multiplier'>): string =>
  multiplier === 1 ? asset : `${multiplier}${asset}`;

/**
 * What a person calls the instrument, its venue beside it: the coin and its money, "SOL/USDC", and the coin that it settles in
 * where that is another one, "BTC/USD:BTC". Where only the symbol is known, that.
 */
export function pairOf(instrument: Pick<Instrument, 'asset' | 'multiplier' | 'contract' | 'quote' | 'settle'>): string {
  const money = moneyOf(instrument);
  if (money === '') return coinOf(instrument);
  return `${coinOf(instrument)}/${money}${instrument.settle === money ? '' : `:${instrument.settle}`}`;
}

export const instrumentId = (venue: VenueId, symbol: string): InstrumentId => `${venue}:${symbol}`;
export const venueOf = (id: InstrumentId): VenueId => id.slice(0, id.indexOf(':'));
