import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ccxt from 'ccxt';
import { expect, test } from 'vitest';
import { createDroppedVenues } from '#node/venues/ccxt/dropped.ts';
import { createViaCcxt } from '#node/venues/ccxt/index.ts';
import { newClient } from '#node/venues/ccxt/load.ts';
import { createCcxtVenue } from '#node/venues/ccxt/venue.ts';
import { WAYS, WITHOUT } from '#node/venues/ccxt/ways.ts';
import { createVenues } from '#node/venues/index.ts';
import { readerOf } from '#node/venues/worker/protocol.ts';
import { listedFile } from '../../../../build/ccxt-list.ts';

const root = resolve(import.meta.dirname, '../../../..');

/** ccxt's ids of exchanges that have, or are to have, a folder of their own. */
const OF_THEIR_OWN = [
  ...['aster', 'backpack', 'binance', 'binancecoinm', 'binanceusdm', 'bingx', 'bitget', 'bybit', 'coinex', 'deribit', 'dydx', 'gate'],
  ...['hyperliquid', 'krakenfutures', 'kucoin', 'kucoinfutures', 'lighter', 'mexc', 'okx', 'paradex', 'woo'],
];

interface Described {
  readonly has: Readonly<Record<string, unknown>>;
  readonly urls: { readonly api: unknown; readonly hostnames?: unknown };
  readonly hostname?: string;
}
const made = new Map<string, Described>();
function described(id: string): Described {
  const one = made.get(id) ?? new (ccxt[id] as new () => Described)();
  made.set(id, one);
  return one;
}

test('listed.ts is what the installed ccxt says (else: npm run ccxt:list)', async () => {
  expect(readFileSync(join(root, 'src/node/venues/ccxt/listed.ts'), 'utf8')).toBe(await listedFile());
});

test('every exchange of ccxt with funding is a venue of its own, one via ccxt, or left out for a reason', () => {
  const METHODS = ['Rates', 'Rate', 'RateHistory', 'Interval', 'Intervals'].map((what) => `fetchFunding${what}`);
  const claim = (ccxt['exchanges'] as readonly string[]).filter((id) => METHODS.some((method) => Boolean(described(id).has[method])));
  expect([...Object.keys(WAYS), ...Object.keys(WITHOUT), ...OF_THEIR_OWN].sort()).toEqual(claim.toSorted());
});

/** What a call of ccxt's own is there for, and is of use: the reason stands where an exchange's way does not take it. */
const NOT_TAKEN: Readonly<Record<string, string>> = {
  'bitfinex fetchFundingRateHistory': 'observations by the minute, no settlements',
  'derive fetchFundingRateHistory': 'what an hour cost at some moments: funding accrues all the time',
  'derive fetchFundingRate': 'the last row of that history: the ticker states the rate as it is now',
  'htx fetchFundingRates': 'of inverse contracts alone',
};
test('of the calls for rates and settlements that ccxt has for an exchange none is left unused without a reason', () => {
  const unused = Object.entries(WAYS).flatMap(([id, { rates, history }]) => {
    const has = (method: string): boolean => Boolean(described(id).has[method]);
    const isRead = 'read' in rates;
    return [
      ...(has('fetchFundingRates') && rates.kind === 'each' ? [`${id} fetchFundingRates`] : []),
      ...(has('fetchFundingRate') && isRead ? [`${id} fetchFundingRate`] : []),
      ...(has('fetchFundingRateHistory') && history === null ? [`${id} fetchFundingRateHistory`] : []),
      ...(!has('fetchFundingRates') && (rates.kind === 'bulk' || rates.kind === 'symbols') ? [`${id} has no bulk call`] : []),
      ...(!has('fetchFundingRate') && rates.kind === 'each' && !isRead ? [`${id} has no call for one`] : []),
      ...(!has('fetchFundingRateHistory') && history !== null ? [`${id} has no settlements`] : []),
    ];
  });
  expect(unused.toSorted()).toEqual(Object.keys(NOT_TAKEN).toSorted());
});

test('each is asked where ccxt says that it is', () => {
  for (const [id, { url }] of Object.entries(WAYS)) {
    const { urls, hostname = '' } = described(id);
    const known = JSON.stringify([urls.api, urls.hostnames]).replaceAll('{hostname}', hostname);
    expect([id, known]).toEqual([id, expect.stringContaining(new URL(url).host)]);
  }
});

test('they are off for a new user, have one worker together, and ids, names and hues of their own', () => {
  const venues = createViaCcxt();
  expect(venues.length).toBe(Object.keys(WAYS).length);
  expect(venues.every(({ onByDefault, group, name }) => !onByDefault && group === 'via ccxt' && name.endsWith(' via ccxt'))).toBe(true);
  expect(new Set(venues.map(readerOf)).size).toBe(1);
  expect(createVenues().map(readerOf)).not.toContain(venues[0] && readerOf(venues[0]));
  for (const what of ['id', 'name', 'hue'] as const) expect(new Set(venues.map((venue) => venue[what])).size).toBe(venues.length);
  const hosts = new Map(venues.map(({ host }) => [host.id, host]));
  for (const { host } of venues) expect(host).toEqual(hosts.get(host.id));
  // Two names of one exchange count and ban together.
  expect(hosts.size).toBe(venues.length - 1);
});

test('the package is loaded when one of them is asked, and not before', () => {
  const child = join(import.meta.dirname, 'ccxt-child.ts');
  const said = execFileSync(process.execPath, ['--no-warnings', child], { encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual({ before: 0, after: 1 });
});

test('it is imported in one place of src', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:ts|mjs|svelte)$/u.test(name));
  const importing = files.filter((name) => /(?:from|import)\s*\(?\s*'ccxt/u.test(readFileSync(join(root, 'src', name), 'utf8')));
  expect(importing).toEqual([join('node', 'venues', 'ccxt', 'load.ts')]);
});

test('an exchange that the package does not know says so, in words', async () => {
  expect(await newClient('gone', {})).toBeNull();
  const listing = { id: 'gone', name: 'Gone', documentation: '', rateLimitMs: 100, hasCandles: false, hasBooks: false };
  const venue = createCcxtVenue(listing, { url: 'https://gone.invalid', rates: { kind: 'bulk' }, usualH: 8, history: null }, 0);
  await expect(venue.poll({ now: 0, request: () => Promise.resolve('{}') })).rejects.toMatchObject({
    kind: 'empty',
    user: expect.stringMatching(/^ccxt 4\.5\.84 no longer serves Gone\. Its stored history stays readable/u) as unknown,
  });
});

test('of those that settings know from before, the ones that are on come back as venues that are gone', async () => {
  const on = { enabled: true };
  const [venue, ...others] = createDroppedVenues({ 'ccxt-gone': on, 'ccxt-htx': on, 'ccxt-off': { enabled: false }, mine: on }, [
    'ccxt-htx',
  ]);
  expect(others).toEqual([]);
  expect(venue).toMatchObject({ id: 'ccxt-gone', name: 'gone via ccxt' });
  const io = { now: 0, request: () => Promise.reject(new Error('asked')) };
  for (const asking of [venue?.poll(io), venue?.orderRules(io, 'X'), venue?.oldest(io, 'X')])
    await expect(asking).rejects.toThrow('ccxt has no gone');
});
