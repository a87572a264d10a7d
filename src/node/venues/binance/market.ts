import type { VenueProfile } from '#core/venue.ts';
import type { Counted } from '#domain/amounts.ts';
import type { Instrument } from '#domain/instrument.ts';

/** What one futures market of Binance has of its own: the others answer in the same words below another address. */
export interface Market extends Pick<VenueProfile, 'id' | 'name' | 'hue' | 'onByDefault' | 'url' | 'service' | 'fees'> {
  /** Where its paths begin. */
  readonly api: '/fapi/v1' | '/dapi/v1';
  readonly contract: Instrument['contract'];
  /** What one question costs: each address counts by itself (host.ts). `funding`: fundingRate and fundingInfo. */
  readonly cost: (weight: number) => Readonly<Record<string, number>>;
  readonly funding: Readonly<Record<string, number>>;
  /** Where ticker/24hr states what was traded in a day, and what it counts it in there. */
  readonly traded: { readonly field: 'quoteVolume' | 'volume'; readonly counted: Counted };
  /** Before its first perpetual. A start of 0 could be read as "none given", which means the newest rows. */
  readonly openedAt: number;
  /** Its first monthly file begins here. */
  readonly filesFrom: number;
  /** Rows of settlements from here on state their mark without exception; null: they state none, or only now and then. */
  readonly markedFrom: number | null;
  /** fundingInfo may be an empty list, for none of its funding was ever adjusted. */
  readonly mayAdjustNone: boolean;
  /** What the name of a perpetual tells, for when exchangeInfo does not. */
  readonly coinsOf: (
    symbol: string,
  ) => { readonly base: string; readonly quote: string; readonly settle: string; readonly pair: string } | null;
}
