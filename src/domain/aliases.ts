/** One coin under another name. */
interface Alias {
  readonly name: string;
  readonly asset: string;
  readonly source: string;
}

/** What is one coin on every venue that uses the name. Names that mean one coin here and another there are no aliases: prices tell those apart. */
export const ALIASES: readonly Alias[] = [
  { name: 'XBT', asset: 'BTC', source: 'ISO 4217 reserves XBT; it is not a coin of its own (BitMEX, KuCoin, Kraken)' },
  {
    name: 'LUNA2',
    asset: 'LUNA',
    source: 'Binance lists the coin of the chain of 2022-05-28 as LUNA2 (launch of LUNA2USDT, 2022-09-10), BitMEX and others as LUNA',
  },
  { name: 'BCHSV', asset: 'BSV', source: 'the name of before 2019; ccxt 4.5.84, commonCurrencies of every exchange' },
  { name: 'TONCOIN', asset: 'TON', source: 'Bitget; ccxt 4.5.84, bitget commonCurrencies' },
];

/** A name that passed from one coin to another: a contract that ended before is on the old one. */
interface Passed {
  readonly name: string;
  readonly until: number;
  readonly old: string;
  readonly source: string;
}
export const PASSED: readonly Passed[] = [
  {
    name: 'LUNA',
    // The new chain began on this day; the old coin has been LUNC since.
    until: Date.UTC(2022, 4, 28),
    old: 'LUNC',
    source: 'https://blog.bitmex.com/terra-luna-2-0-listings/; Binance ended its contracts on the old coin on 2022-05-12 and 13',
  },
];

const ASSETS: ReadonlyMap<string, string> = new Map(ALIASES.map(({ name, asset }) => [name, asset]));
const NO_ALIASES: readonly string[] = [];

/** The one name of a coin, and the other one where a venue uses that. `endedAt`: when the contract ended, where it has. */
export function canonicalAsset(
  name: string,
  endedAt: number | null = null,
): { readonly asset: string; readonly aliases: readonly string[] } {
  const old = endedAt === null ? undefined : PASSED.find((one) => one.name === name && endedAt < one.until)?.old;
  const asset = old ?? ASSETS.get(name);
  return asset === undefined ? { asset: name, aliases: NO_ALIASES } : { asset, aliases: [name] };
}
