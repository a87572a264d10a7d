/**
 * What our parsers and ccxt's read from the same bodies, field by field. `node test/support/beside-ccxt.ts` writes the page
 * docs/venues-beside-ccxt.md; a test fails where it is not up to date, or where a difference has no verdict.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SettledRow, Snapshot, Venue, VenueIo, VenueRequest } from '#core/venue.ts';
import { newClient } from '#node/venues/ccxt/load.ts';
import { CCXT_VERSION } from '#node/venues/ccxt/listed.ts';
import { createVenues } from '#node/venues/index.ts';
import { settlementKey } from '#domain/time.ts';
import { table, widePage } from '../../build/markdown.ts';
import { comparedAnswer } from './beside-ccxt-answers.ts';
import { type AnswerCase, ANSWERS } from './beside-ccxt-cases.ts';
import { body } from './bodies.ts';
import { type Case, CASES, NOW } from './beside-ccxt-rates.ts';
import { VERDICTS } from './beside-ccxt-verdicts.ts';

type Raw = Readonly<Record<string, unknown>>;
/** What of a ccxt exchange is used here beyond what the app uses. */
interface Parser {
  fetchImplementation: (url: string, init: { readonly body?: string | undefined }) => Promise<Response>;
  milliseconds: () => number;
  throttle: () => Promise<void>;
  setMarkets(markets: readonly object[]): void;
  market(symbol: string): object;
  parseFundingRate(row: Raw, market: object): Raw;
  fetchFundingRateHistory(symbol: string, since?: number, limit?: number): Promise<readonly Raw[]>;
}

export interface Difference {
  readonly venue: string;
  readonly field: string;
  readonly symbol: string;
  readonly ours: string;
  readonly ccxt: string;
}
export interface Compared {
  readonly venue: string;
  readonly rows: number;
  /** Values that both read, and read alike. */
  readonly same: number;
  readonly differences: readonly Difference[];
  /** Fields that ccxt does not read of this body. */
  readonly lacking: readonly string[];
}

const number = (value: unknown): number | null =>
  value === undefined || value === null || Number.isNaN(Number(value)) ? null : Number(value) + 0;
const hoursOf = (value: unknown): number | null => (typeof value === 'string' && /^\d+h$/u.test(value) ? Number(value.slice(0, -1)) : null);
/** Our field, and the one of ccxt's funding rate structure that is to be the same (https://docs.ccxt.com/#/?id=funding-rate-structure). */
const FIELDS: readonly (readonly [name: string, ours: (one: Snapshot) => number | null, ccxt: (one: Raw) => number | null])[] = [
  ['rate', ({ rate }) => rate, (one) => number(one['fundingRate'])],
  ['interval', ({ intervalH }) => intervalH, (one) => hoursOf(one['interval'])],
  ['next settlement', ({ nextFundingAt }) => nextFundingAt, (one) => number(one['fundingTimestamp'])],
  ['mark', ({ mark }) => mark, (one) => number(one['markPrice'])],
  ['index', ({ index }) => index, (one) => number(one['indexPrice'])],
  ['interest', ({ interestPer8h }) => interestPer8h, (one) => number(one['interestRate'])],
];

const text = (value: number | null): string => (value === null ? 'nothing' : String(value));
const nameOf = (symbol: string): string => `${symbol}/X:X`;

async function parserOf({ ccxt, now = NOW }: Case, symbols: readonly string[]): Promise<Parser> {
  const made = (await newClient(ccxt, {})) as Parser | null;
  if (made === null) throw new Error(`ccxt ${CCXT_VERSION} has no ${ccxt}`);
  made.milliseconds = () => now;
  made.throttle = () => Promise.resolve();
  const of = (id: string): object => {
    const kind = {
      type: 'swap',
      spot: false,
      swap: true,
      future: false,
      option: false,
      margin: false,
      contract: true,
      linear: true,
      inverse: false,
    };
    const names = {
      id,
      symbol: nameOf(id),
      base: id,
      quote: 'X',
      settle: 'X',
      baseId: id,
      quoteId: 'X',
      settleId: 'usdt',
      contractSize: 1,
      active: true,
    };
    return { ...kind, ...names, precision: { price: 1e-8, amount: 1e-8 }, limits: {}, info: {} };
  };
  made.setMarkets(symbols.map(of));
  return made;
}

function ioOf({ answers, now = NOW }: Case): VenueIo {
  const request = ({ path, body: asked }: VenueRequest): Promise<string> => {
    const address = asked === undefined ? path : `${path} ${JSON.stringify(asked)}`;
    const found = Object.keys(answers).findLast((part) => address.includes(part));
    const file = found === undefined ? undefined : answers[found];
    return file === undefined ? Promise.reject(new Error(`no body for ${address}`)) : Promise.resolve(body(`${file}.json`));
  };
  return { now, request };
}

async function ratesOf(one: Case, venue: Venue, rates: NonNullable<Case['rates']>): Promise<Omit<Compared, 'venue'>> {
  const rows = rates.rows(JSON.parse(body(`${rates.body}.json`)));
  const parser = await parserOf(
    one,
    rows.map(([symbol]) => symbol),
  );
  const { snapshots } = await venue.poll(ioOf(one));
  const ours = new Map(snapshots.map((snapshot) => [snapshot.symbol, snapshot]));
  const differences: Difference[] = [];
  const told = new Set<string>();
  let same = 0;
  for (const [symbol, row] of rows) {
    const theirs = parser.parseFundingRate(row, parser.market(nameOf(symbol)));
    const own = ours.get(symbol);
    const rate = number(theirs['fundingRate']);
    if (own === undefined) {
      if (rate !== null) differences.push({ venue: one.venue, field: 'row', symbol, ours: 'refused or left out', ccxt: `rate ${rate}` });
      continue;
    }
    for (const [field, mine, other] of FIELDS) {
      const [a, b] = [mine(own), other(theirs)];
      if (b !== null) told.add(field);
      if (a === b) same += a === null ? 0 : 1;
      else if (b !== null) differences.push({ venue: one.venue, field, symbol, ours: text(a), ccxt: text(b) });
    }
  }
  return { rows: rows.length, same, differences, lacking: FIELDS.map(([field]) => field).filter((field) => !told.has(field)) };
}

async function settledOf(
  one: Case,
  venue: Venue,
  { body: file, symbol }: NonNullable<Case['settled']>,
): Promise<Omit<Compared, 'venue' | 'lacking'>> {
  const parser = await parserOf(one, [symbol]);
  parser.fetchImplementation = () =>
    Promise.resolve(new Response(body(`${file}.json`), { status: 200, headers: { 'content-type': 'application/json' } }));
  const theirs = await parser.fetchFundingRateHistory(nameOf(symbol));
  const ours: SettledRow[] = [];
  for await (const page of venue.settled(ioOf(one), symbol, 0, NOW)) {
    ours.push(...page.rows);
    break;
  }
  const own = new Map(ours.map((row) => [settlementKey(row.stamp), row]));
  const differences: Difference[] = [];
  let same = 0;
  for (const row of theirs) {
    const [stamp, rate] = [number(row['timestamp']), number(row['fundingRate'])];
    const mine = stamp === null ? undefined : own.get(settlementKey(stamp));
    if (mine !== undefined && mine.stamp === stamp && mine.rate === rate) same += 1;
    else
      differences.push({
        ...{ venue: one.venue, field: 'settlement', symbol },
        ours: mine === undefined ? 'refused' : `${mine.rate} at ${mine.stamp}`,
        ccxt: `${text(rate)} at ${text(stamp)}`,
      });
  }
  return { rows: theirs.length, same, differences };
}

export async function compared(one: Case): Promise<Compared> {
  const venue = createVenues().find(({ id }) => id === one.venue);
  if (venue === undefined) throw new Error(`no venue ${one.venue}`);
  const rates = one.rates && (await ratesOf(one, venue, one.rates));
  const settled = one.settled && (await settledOf(one, venue, one.settled));
  return {
    venue: one.venue,
    rows: (rates?.rows ?? 0) + (settled?.rows ?? 0),
    same: (rates?.same ?? 0) + (settled?.same ?? 0),
    differences: [...(rates?.differences ?? []), ...(settled?.differences ?? [])],
    lacking: rates?.lacking ?? [],
  };
}

/** Which side is right and why; undefined: it is not said. */
export const verdictOf = ({ venue, field, symbol }: Difference): string | undefined =>
  VERDICTS[`${venue} ${field} ${symbol}`] ?? VERDICTS[`${venue} ${field}`] ?? VERDICTS[field];

const differencesOf = (all: readonly Compared[]): string =>
  table(
    ['venue', 'instrument', 'field', 'ours', 'ccxt', 'which is right, and why'],
    all.flatMap(({ differences }) =>
      differences.map((one) => [one.venue, one.symbol, one.field, one.ours, one.ccxt, verdictOf(one) ?? 'no verdict']),
    ),
  );

export async function besidePage(): Promise<string> {
  const all: Compared[] = [];
  for (const one of CASES) all.push(await compared(one));
  const answers: { readonly one: AnswerCase; readonly compared: Compared }[] = [];
  for (const one of ANSWERS) answers.push({ one, compared: await comparedAnswer(one) });
  return widePage(
    '# Venues beside ccxt',
    `The same bodies (\`test/contract/bodies\`) through our parsers and through those of ccxt ${CCXT_VERSION}, value by value. Generated by \`node test/support/beside-ccxt.ts\`; a test compares it, and wants a verdict on every difference.`,
    'Bodies hold spoilt rows on purpose. Of running rates BitMEX is not compared, which this ccxt has not, nor are dYdX, Deribit and KuCoin: ccxt reads them from no list that we read. Rows of Hyperliquid HIP-3 have the form of Hyperliquid’s, and are compared there. Of settlements Paradex is not compared, for what ccxt hands on are observations of a rate that is quoted for a whole period (as its source says itself) and ours are what the index of funding accrued by the hour; nor are Lighter and BitMEX, of which this ccxt reads none.',
    table(
      ['venue', 'rows', 'values read alike', 'differences', 'not read by ccxt from this body'],
      all.map((one) => [
        one.venue,
        String(one.rows),
        String(one.same),
        String(one.differences.length),
        one.lacking.length === 0 ? 'nothing' : one.lacking.join(', '),
      ]),
    ),
    '## Differences of running rates',
    differencesOf(all),
    '## Settlements, order books, hourly prices and open interest',
    'Answers about one contract. Amounts of ccxt are in contracts, and were multiplied by the size of one; prices are those of the close. What is not here ccxt asks at another address than we do, or does not read at all; of settlements those of Binance, Bybit, Bitget and KuCoin are counted above, Lighter, Paradex (rows of observations) and BitMEX are of no ccxt or of no page that both read.',
    table(
      ['venue', 'what', 'answer', 'values', 'read alike', 'differences'],
      answers.map(({ one, compared: { rows, same, differences } }) => [
        one.venue,
        one.kind,
        `\`${one.answer}\``,
        String(rows),
        String(same),
        String(differences.length),
      ]),
    ),
    '## Differences of answers about one contract',
    differencesOf(answers.map(({ compared: of }) => of)),
  );
}

if (import.meta.main) writeFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/venues-beside-ccxt.md'), await besidePage());
