import type { VenueProfile } from '#core/venue.ts';
import type { Counted } from '#domain/amounts.ts';
import type { Instrument } from '#domain/instrument.ts';

/** Coins of a contract, by the venue's own names. */
export interface Coins extends Pick<Instrument, 'quote' | 'settle'> {
  readonly base: string;
}

/** What one market of Bybit has of its own: the others answer in the same words. https://bybit-exchange.github.io/docs/v5/enum#category */
export interface Market extends Pick<VenueProfile, 'id' | 'name' | 'hue' | 'onByDefault' | 'service'> {
  readonly category: 'linear' | 'inverse';
  /** `contractType` of its perpetuals in instruments-info. */
  readonly contractType: 'LinearPerpetual' | 'InversePerpetual';
  readonly contract: Instrument['contract'];
  /** What quantities are counted in, of orders and of open interest: coins, or US dollars of a contract that is margined in its coin. */
  readonly counted: Counted;
  /** The field of tickers that states what was traded in 24 h in quote money. */
  readonly volume: 'turnover24h' | 'volume24h';
  /** Before its first perpetual: no settlement and no candle is older. */
  readonly openedAt: number;
  /** Dated futures stand in the same lists; their names end in a date. */
  readonly dated: RegExp;
  /** What the name of a perpetual tells, for when the list does not. */
  coinsOf(symbol: string): Coins | null;
}

/** One contract is one unit of the price, or one dollar of an inverse one. */
export const CONTRACT_SIZE = 1;
