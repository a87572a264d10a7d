import { afterAll, beforeAll, expect, test } from 'vitest';
import type { VenueHealth } from '#bridge/contract.ts';
import type { HttpResponse } from '#core/ports/http.ts';
import { HttpError } from '#core/venue-error.ts';
import { demoVenues } from '#node/demo/market.ts';
import { blanked, type Distortion, doubled, emptied, extended, halved, mistyped, reversed, withoutRow } from '#test/support/distort.ts';
import { fewWires } from '#test/support/spoilt-world.ts';
import { World } from '#test/support/world.ts';

/**
 * Every venue of the register, on the demo's wire of its own folder, meets every fault, half of them at a time: the other half is polled
 * meanwhile as if nothing were. What sockets make of a fault (a stalled body, a bomb, a redirect) is shown at the Http port
 * (test/unit/node/http.test.ts); here is what each venue makes of what that port says.
 */
const SECOND = 1000;
const POLL_MS = 30 * SECOND;
/** A tenth early or late, and one beat of the clock. */
const LATEST_MS = POLL_MS * 1.1 + SECOND;
const ids = demoVenues().map(({ id }) => id);
const halves = [ids.filter((_, i) => i % 2 === 0), ids.filter((_, i) => i % 2 === 1)] as const;

/** Where each is asked for its running rates. */
const RATES: Readonly<Record<string, RegExp>> = {
  ...{ binance: /premiumIndex/u, 'binance-coin-m': /premiumIndex/u, aster: /premiumIndex/u, bingx: /premiumIndex/u },
  ...{ bybit: /tickers/u, 'bybit-inverse': /tickers/u, kraken: /tickers/u, bitget: /mix\/market\/tickers/u, mexc: /contract\/ticker$/u },
  ...{ hyperliquid: /info/u, 'hyperliquid-hip3': /info/u, dydx: /perpetualMarkets/u, bitmex: /active/u, paradex: /markets\/summary/u },
  ...{ okx: /public\/funding-rate\?/u, coinex: /futures\/funding-rate$/u, woo: /public\/fundingRate$/u, lighter: /funding-rates/u },
  ...{ gate: /contracts$/u, kucoin: /contracts\/active/u, backpack: /markPrices/u, deribit: /get_book_summary/u },
};
/** The contract that vanishes; every venue has one. */
const GONE = 'SOL';

type Answer = (at: number) => HttpResponse;
type Fault = (answer: Answer, now: number, of: { readonly venue: string; readonly path: string }) => HttpResponse | Promise<HttpResponse>;
interface Expected {
  readonly state: VenueHealth['state'];
  /** What the person reads, and of which venues it is another sentence. */
  readonly words?: RegExp;
  readonly wordsOf?: Readonly<Record<string, RegExp>>;
  /** The answer is good but for what is wrong with it: values go on. */
  readonly answers?: true;
  /** No row is refused, and each is of the moment at which it came, but for the one that did not come: that stays as old as it is. */
  readonly exact?: 'all' | 'all but the one';
}

let world: World;
let fault: { readonly victims: readonly string[]; readonly meet: Fault } | null = null;
const polledAt = new Map<string, number[]>();
let first: readonly string[] = [];
/** By venue, its name of the contract that vanishes. */
let gone: ReadonlyMap<string, string> = new Map();

beforeAll(async () => {
  world = new World({
    venues: ids,
    wires: fewWires(['BTC', 'ETH', 'SOL', 'XRP', 'BNB', 'DOGE', 'ADA', 'AVAX', 'LINK', 'LTC']),
    random: () => 0.5,
    settings: (all) => ({
      ...all,
      lists: [{ id: 'none', name: 'None', assets: [], seeded: [], items: [] }],
      venues: Object.fromEntries(ids.map((id) => [id, { enabled: true, url: null, pollSeconds: POLL_MS / SECOND }])),
    }),
    between: (venue, answer, now, path) =>
      fault?.victims.includes(venue) === true ? fault.meet(answer, now, { venue, path }) : answer(now),
  });
  await world.start();
  world.app.listen((name, payload) => {
    if (name !== 'venues.change') return;
    for (const { id, okAt } of payload as VenueHealth[]) {
      const times = polledAt.get(id) ?? [];
      if (okAt !== null && times.at(-1) !== okAt) polledAt.set(id, [...times, okAt]);
    }
  });
  await world.clock.advance(2 * POLL_MS);
  expect(await troubled(['healthy'])).toEqual([]);
  first = await stored(ids);
  const listed = (await world.store.latest()).filter(({ instrument }) => instrument.asset === GONE).map(({ instrument }) => instrument);
  gone = new Map(listed.toReversed().map(({ venue, symbol }) => [venue, symbol]));
}, 60_000);
afterAll(async () => {
  await world.stop();
  world.dispose();
});

const health = async (of: readonly string[]): Promise<VenueHealth[]> => {
  const all = await world.call('venues.health', {});
  return of.flatMap((id) => all.find((one) => one.id === id) ?? []);
};
const troubled = async (allowed: readonly VenueHealth['state'][]): Promise<unknown[]> =>
  (await health(ids)).filter(({ state }) => !allowed.includes(state)).map(({ id, state, error }) => [id, state, error]);
/** What was observed of each instrument after its venue's newest answer, ms. */
async function lags(of: readonly string[]): Promise<Map<string, number>> {
  const okAt = new Map((await health(of)).map((one) => [one.id, one.okAt ?? NaN]));
  const rows = (await world.store.latest()).filter(({ instrument, delisted }) => of.includes(instrument.venue) && !delisted);
  return new Map(rows.map(({ instrument, observedAt }) => [instrument.id, observedAt - (okAt.get(instrument.venue) ?? NaN)]));
}
const goneOf = (venue: string): string => gone.get(venue) ?? '';
const stored = async (of: readonly string[]): Promise<string[]> =>
  (await world.store.latest()).flatMap(({ instrument, delisted }) => (of.includes(instrument.venue) && !delisted ? [instrument.id] : []));

const status =
  (code: number, headers: Record<string, string> = {}, body = ''): Fault =>
  () => ({ status: code, headers, body });
const fails =
  (kind: HttpError['kind']): Fault =>
  () => {
    throw new HttpError(kind, `a planted failure: ${kind}`);
  };
const hangs: Fault = () =>
  new Promise((_, fail) => world.clock.after(15 * SECOND, () => fail(new HttpError('timeout', 'no whole answer in 15000 ms'))));
const spoils =
  (distortion: Distortion): Fault =>
  (answer, now) => {
    const right = answer(now);
    return { ...right, body: JSON.stringify(distortion(JSON.parse(right.body))) };
  };

const vanishes: Fault = (answer, now, { venue, path }) => {
  const right = answer(now);
  if (RATES[venue]?.test(path) !== true) return right;
  return { ...right, body: JSON.stringify(withoutRow(goneOf(venue))(JSON.parse(right.body))) };
};

const failed: Expected = { state: 'degraded' };
const UNREADABLE = /cannot read\. It will ask again/u;
const WITHOUT = /without any rates/u;
/** Of lists by settlement coin or currency those of fewer than three rows are not spoilt. */
const PARTS = { gate: /told of 1 of its 11 instruments only/u, deribit: /told of 2 of its 11 instruments only/u };
const FAULTS: Readonly<Record<string, readonly [Fault, Expected]>> = {
  'fields that are not documented': [spoils(extended), { state: 'healthy', answers: true }],
  'rows in another order': [spoils(reversed), { state: 'healthy', answers: true }],
  'every row twice': [spoils(doubled), { state: 'healthy', answers: true }],
  // Where the rows of several exchanges take turns in a list, all of the venue's own may be among those that lack.
  'half of the rows': [
    spoils(halved),
    { state: 'degraded', words: /told of \d+ of its \d+ instruments only|without any rates/u, answers: true },
  ],
  'refused, reset or cut off': [fails('network'), { ...failed, words: /cannot be reached: no network/u }],
  'a name that is not found (DNS)': [fails('name'), { ...failed, words: /cannot be reached: its name is not found \(DNS\)/u }],
  'a certificate that is not its own': [fails('tls'), { ...failed, words: /cannot be reached safely/u }],
  'slow headers or a stalled body': [hangs, { ...failed, words: /did not answer in time/u }],
  'a body of 50 MB, or a bomb': [fails('too-large'), { ...failed, words: /too large to be right/u }],
  '429 with Retry-After': [status(429, { 'retry-after': '120' }), { state: 'limited', words: /asks for fewer requests/u }],
  '429 without': [status(429), { state: 'limited', words: /asks for fewer requests/u }],
  '418 with Retry-After': [status(418, { 'retry-after': '120' }), { state: 'limited', words: /has banned this address/u }],
  '418 without': [status(418), { state: 'limited', words: /has banned this address/u }],
  '451': [status(451), { state: 'blocked', words: /refuses this connection \(451\)/u }],
  '500 with a page': [status(500, { 'content-type': 'text/html' }, '<html>'), { ...failed, words: /trouble of its own \(500\)/u }],
  '503 with JSON': [status(503, {}, '{"code":-1001}'), { ...failed, words: /trouble of its own \(503\)/u }],
  'a redirect': [status(302, { location: 'https://other.example/' }), { ...failed, words: /did not accept the request \(302\)/u }],
  'a web page with status 200': [
    status(200, { 'content-type': 'text/html' }, '<html>log in</html>'),
    { ...failed, words: /a web page instead of data/u },
  ],
  'an empty body': [status(200), { ...failed, words: /empty answer/u }],
  'half of the right body': [
    (answer, now) => {
      const right = answer(now);
      return { ...right, body: right.body.slice(0, right.body.length / 2) };
    },
    { ...failed, words: UNREADABLE },
  ],
  null: [status(200, {}, 'null'), { ...failed, words: UNREADABLE, wordsOf: { 'hyperliquid-hip3': /has no dex named xyz now/u } }],
  'empty lists': [spoils(emptied), { ...failed, words: WITHOUT, wordsOf: { deribit: PARTS.deribit } }],
  'rows without a field': [spoils(blanked), { ...failed, words: UNREADABLE, wordsOf: { ...PARTS, bitmex: WITHOUT } }],
  'fields of other types': [spoils(mistyped), { ...failed, words: UNREADABLE, wordsOf: { ...PARTS, bitmex: WITHOUT, lighter: WITHOUT } }],
  // Of one answer: what lasts is in clocks.test.ts.
  'a clock ten minutes ahead': [(answer, now) => answer(now + 600_000), { state: 'healthy', answers: true, exact: 'all' }],
  'a clock ten minutes behind': [(answer, now) => answer(now - 600_000), { state: 'healthy', answers: true, exact: 'all' }],
  'a symbol that vanishes between two calls': [vanishes, { state: 'healthy', answers: true, exact: 'all but the one' }],
};

test.each(Object.entries(FAULTS))('%s', async (_name, [meet, { state, words, wordsOf = {}, answers, exact }]) => {
  for (const [victims, others] of [halves, halves.toReversed() as [string[], string[]]]) {
    // What an earlier fault did to a list that is kept for minutes would be told beside what this one does.
    const usual: readonly VenueHealth['state'][] = exact === undefined ? ['healthy', 'partial'] : ['healthy'];
    if ((await troubled(usual)).length > 0) await world.clock.advance(16 * 60 * SECOND);
    const rows = await stored(victims);
    const before = { lags: await lags(victims), health: await health(victims) };
    const from = world.clock.now();
    fault = { victims, meet };
    await world.clock.advance(LATEST_MS + (meet === hangs ? 16 * SECOND : 0));
    const told = await health(victims);
    fault = null;
    expect(told.filter((one) => one.state !== state).map((one) => [one.id, one.state, one.error])).toEqual([]);
    const wrong = told.filter(({ id, error }) => !(wordsOf[id] ?? words ?? /^$/u).test(error ?? ''));
    expect(wrong.map(({ id, error }) => [id, error])).toEqual([]);
    if (!answers) expect(told.filter(({ error }) => error === null).map(({ id }) => id)).toEqual([]);
    // Or it is being tried at this moment.
    if (!answers && meet !== hangs) expect(told.filter(({ nextTryAt }) => nextTryAt === null).map(({ id }) => id)).toEqual([]);
    if (exact !== undefined) {
      expect(told.map(({ id, refused }) => [id, refused])).toEqual(before.health.map(({ id, refused }) => [id, refused]));
      const late = [...(await lags(victims))].filter(([id, ms]) => ms !== before.lags.get(id));
      const ofOne = victims.map((venue) => [`${venue}:${goneOf(venue)}`, -POLL_MS]);
      expect(late.map(([id, ms]) => [id, ms - (before.lags.get(id) ?? NaN)]).toSorted()).toEqual(exact === 'all' ? [] : ofOne.toSorted());
    }
    // Nothing is lost, whatever came.
    expect(await stored(victims)).toEqual(rows);
    // No other venue was late.
    const until = world.clock.now();
    for (const id of others) {
      const times = [from, ...(polledAt.get(id) ?? []).filter((at) => at > from), until];
      expect([id, Math.max(...times.slice(1).map((at, i) => at - (times[i] ?? at))) <= LATEST_MS]).toEqual([id, true]);
    }
    for (const venue of victims) await world.call('venues.retry', { venue, anyway: true });
    // Of half a list of contracts, which is kept for five minutes, the venue tells of the others by the next one.
    await world.clock.advance(answers && state === 'degraded' ? 6 * 60 * SECOND : (meet === hangs ? 20 : 5) * SECOND);
    // A list that changes slowly is asked for again minutes later: until then its venue is partial.
    expect(await troubled(['healthy', 'partial'])).toEqual([]);
    expect(await stored(victims)).toEqual(rows);
  }
});

test('a quarter of an hour later every row is there as it was, and open interest that could not be read was asked for again', async () => {
  await world.clock.advance(16 * 60 * SECOND);
  expect(await troubled(['healthy'])).toEqual([]);
  expect((await stored(ids)).toSorted()).toEqual(first.toSorted());
});
