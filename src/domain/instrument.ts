/** A venue is an exchange or one of its account types; the id is a short lower-case slug ("binance"). */
export type VenueId = string;

/** `venue:symbol`, the symbol exactly as the venue spells it ("bybit:1000PEPEUSDT"). */
export type InstrumentId = string;

/** What is traded. A pre-market contract is on something that is not listed anywhere yet. */
export const ASSET_CLASSES = ['crypto', 'equity', 'commodity', 'currency', 'index', 'pre-market'] as const;
export type AssetClass = (typeof ASSET_CLASSES)[number];

/** One perpetual on one venue. USDT-, USDC- and coin-margined contracts of one coin are distinct instruments. */
export interface Instrument {
  readonly id: InstrumentId;
  readonly venue: VenueId;
  readonly symbol: string;
  /** The underlying coin after removing the multiplier prefix: the key that joins instruments across venues. */
  readonly asset: string;
  /** Other names of that coin: what the venue itself calls it where that is another word (XBT for BTC). */
  readonly aliases: readonly string[];
  readonly quote: string;
  readonly settle: string;
  readonly contract: 'linear' | 'inverse';
  /** Coins per unit of the price: 1000 for 1000PEPE and kPEPE, 1 for BTC. */
  readonly multiplier: number;
  /**
   * What one contract of an order is: units of the price (linear; 0.01 where one contract is 0.01 BTC) or quote money
   * (inverse; 100 where one contract is 100 USD). Null: the venue does not say.
   */
  readonly contractSize: number | null;
  /** Null: the venue does not say. */
  readonly assetClass: AssetClass | null;
  /** When it began to trade, epoch ms; null: unknown. */
  readonly listedAt: number | null;
  /** When it ceases or ceased to trade, epoch ms: the venue's word, which may lie ahead, else when its answers said so. Null: unknown. */
  readonly delistedAt: number | null;
}

/** What a venue says of an instrument; what is left out it does not say. */
export type NewInstrument = Pick<Instrument, 'venue' | 'symbol' | 'asset' | 'quote' | 'settle'> & {
  readonly [field in keyof Instrument]?: Instrument[field] | undefined;
};

/**
 * An instrument of what is known of it. A linear contract is one unit of its price where no size is told; an inverse one is
 * never guessed.
 */
export function newInstrument(known: NewInstrument): Instrument {
  const { venue, symbol, asset, quote, settle, contract = 'linear' } = known;
  // Field by field: a poll makes thousands of them, and copies of what is known take three times as long.
  return {
    id: known.id ?? instrumentId(venue, symbol),
    venue,
    symbol,
    asset,
    aliases: known.aliases ?? [],
    quote,
    settle,
    contract,
    multiplier: known.multiplier ?? 1,
    contractSize: known.contractSize === undefined && contract === 'linear' ? 1 : (known.contractSize ?? null),
    assetClass: known.assetClass ?? null,
    listedAt: known.listedAt ?? null,
    delistedAt: known.delistedAt ?? null,
  };
}

/**
 * What is known of an instrument after its venue said something of it at `at`: an answer that leaves a thing open takes back
 * nothing. An end that lay ahead still does; one that is past does not, for it trades again.
 */
export function stillKnown(before: Instrument | undefined, said: Instrument, at: number): Instrument {
  if (before === undefined || before.contract !== said.contract) return said;
  const isAhead = before.delistedAt !== null && before.delistedAt > at;
  const contractSize = said.contractSize ?? before.contractSize;
  const assetClass = said.assetClass ?? before.assetClass;
  const listedAt = said.listedAt ?? before.listedAt;
  const delistedAt = said.delistedAt ?? (isAhead ? before.delistedAt : null);
  const merged = { ...said, contractSize, assetClass, listedAt, delistedAt };
  return sameInstrument(said, merged) ? said : merged;
}

export const sameInstrument = (a: Instrument, b: Instrument): boolean =>
  a.asset === b.asset &&
  a.quote === b.quote &&
  a.settle === b.settle &&
  a.contract === b.contract &&
  a.multiplier === b.multiplier &&
  a.contractSize === b.contractSize &&
  a.assetClass === b.assetClass &&
  a.listedAt === b.listedAt &&
  a.delistedAt === b.delistedAt &&
  a.aliases.length === b.aliases.length &&
  a.aliases.every((name, i) => name === b.aliases[i]);

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
