/** What a column of an imported file can hold. `close`: a price of which the file does not say whether it is the mark, the index or the last. */
export const ROLES = [
  ...(['time', 'stamp', 'opens', 'closes', 'venue', 'symbol', 'rate', 'interval'] as const),
  ...(['mark', 'index', 'last', 'close', 'premium', 'interest'] as const),
] as const;
export type Role = (typeof ROLES)[number];

/** By role the place in a line. */
export type Places = Readonly<Partial<Record<Role, number>>>;

/** Names of columns as exchanges' dumps, web exports, ccxt and our own exports write them, without case, units and separators; best first. */
const ALIASES: Readonly<Record<Role, readonly string[]>> = {
  time: [
    ...['tsms', 'timestampms', 'timems', 'timestamp', 'ts', 'fundingtime', 'calctime', 'settlementtime', 'settletime'],
    ...['fundingratetimestamp', 'createtime', 'time', 'datetime', 'timeutc', 'date'],
  ],
  stamp: ['stamp'],
  opens: ['opentime'],
  closes: ['closetime'],
  venue: ['venue', 'exchange'],
  symbol: [
    ...['symbol', 'symbols', 'contract', 'contracts', 'instrument', 'instrumentid', 'instrumentname', 'contractsymbol', 'instid'],
    ...['pair', 'market', 'coin'],
  ],
  rate: ['rate', 'fundingrate', 'lastfundingrate', 'realizedrate', 'funding'],
  interval: ['intervalh', 'fundingintervalhours', 'fundingintervalhour', 'fundinginterval', 'intervalhours', 'interval'],
  mark: ['markprice', 'mark', 'markpx'],
  index: ['indexprice', 'index', 'indexpx', 'oracleprice', 'oraclepx'],
  last: ['lastprice', 'last', 'lastpx'],
  close: ['close', 'closeprice', 'price'],
  premium: ['premium'],
  interest: ['openinterest', 'openinterestamount', 'sumopeninterest', 'oi'],
};

/** Rates under these names are decimals by the documents of those who write them; under any other name nothing is known. */
const DECIMAL_RATES: readonly string[] = ['rate', 'fundingrate', 'lastfundingrate', 'realizedrate'];
const PERCENT = /%|pct|percent/iu;
const UTC = /utc|gmt/iu;
/** Columns of ours that say what they are counted in: `open_interest (BTC)`. */
const OWN_UNIT = /^[a-z0-9_]+ \([^()]+\)$/u;

/** Letters and digits alone, without a unit: "Funding Rate (%)" is fundingrate, "rate (per interval)" is rate. */
const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/\([^()]*\)/gu, '')
    .replace(/%|pct|percent/gu, '')
    .replace(/[^\p{L}\p{N}]/gu, '');

/** What the names of a file's columns say. */
export interface Layout {
  readonly places: Places;
  /** Roles for which two columns stand, with both names: a person has to say which. */
  readonly twice: readonly { readonly role: Role; readonly names: readonly [string, string] }[];
  /** Columns that are not read. */
  readonly unread: readonly string[];
}

/** Which column is what by their names; a person's word wins ('' takes a column out). Names that a person says and no column has are in `unknown`. */
export function layoutOf(
  names: readonly string[],
  said: Readonly<Partial<Record<Role, string>>>,
): Layout & { readonly unknown: readonly string[] } {
  const plain = names.map(plainName);
  const places: Partial<Record<Role, number>> = {};
  const twice: { role: Role; names: [string, string] }[] = [];
  const unknown: string[] = [];
  for (const role of ROLES) {
    const word = said[role];
    if (word !== undefined) {
      if (word === '') continue;
      const at = placeOf(names, word);
      if (at < 0) unknown.push(word);
      else places[role] = at;
      continue;
    }
    const found = ALIASES[role].flatMap((alias) => plain.flatMap((name, at) => (name === alias ? [at] : [])));
    const [first, second] = found;
    if (first === undefined) continue;
    // A time is often there twice, as a number and in words; the first of the names above is the more exact one.
    if (second !== undefined && role !== 'time') twice.push({ role, names: [names[first] ?? '', names[second] ?? ''] });
    else places[role] = first;
  }
  const taken = new Set(Object.values(places));
  return { places, twice, unknown, unread: names.filter((name, at) => name !== '' && !taken.has(at)) };
}

/** By its name or, from 1 on, its number. */
function placeOf(names: readonly string[], word: string): number {
  const exact = names.indexOf(word);
  if (exact >= 0) return exact;
  const alike = names.findIndex((name) => name.toLowerCase() === word.toLowerCase());
  if (alike >= 0) return alike;
  const number = Number(word);
  return Number.isInteger(number) && number >= 1 && number <= names.length ? number - 1 : -1;
}

/** Whether the name of a column of rates says percent, decimal or (null) neither. */
export const rateUnitOf = (name: string): 'percent' | 'decimal' | null =>
  PERCENT.test(name) ? 'percent' : DECIMAL_RATES.includes(plainName(name)) ? 'decimal' : null;

/** Whether the name of a column of times says UTC. */
export const saysUtc = (name: string): boolean => UTC.test(name);

/** Whether a column of open interest is one of our own exports, which count it in the coin that prices are of. */
export const saysCoin = (name: string): boolean => OWN_UNIT.test(name);

/** Names of the columns of files whose documents name them though the files do not, by how many there are. */
export const DOCUMENTED: readonly { readonly file: RegExp; readonly names: readonly string[] }[] = [
  // https://github.com/binance/binance-public-data: files of before 2023 have no header line.
  { file: /^([A-Z0-9_]{1,40})-fundingRate-\d{4}-\d{2}$/u, names: ['calc_time', 'funding_interval_hours', 'last_funding_rate'] },
  {
    file: /^([A-Z0-9_]{1,40})-(?:1m|3m|5m|15m|30m|1h|2h|4h|6h|8h|12h|1d)-\d{4}-\d{2}(?:-\d{2})?$/u,
    names: [
      ...['open_time', 'open', 'high', 'low', 'close', 'volume', 'close_time', 'quote_volume', 'count'],
      ...['taker_buy_volume', 'taker_buy_quote_volume', 'ignore'],
    ],
  },
  { file: /^([A-Z0-9_]{1,40})-metrics-\d{4}-\d{2}-\d{2}$/u, names: [] },
];

/** What the name of such a file says; null: it is none. Names without `names` stand in the file. */
export function documentedFile(name: string): { readonly symbol: string; readonly names: readonly string[] } | null {
  const stem = name
    .slice(0, 120)
    .replace(/\.(?:csv|zip|gz)$/iu, '')
    .replace(/\.csv$/iu, '');
  for (const { file, names } of DOCUMENTED) {
    const symbol = file.exec(stem)?.[1];
    if (symbol !== undefined) return { symbol, names };
  }
  return null;
}
