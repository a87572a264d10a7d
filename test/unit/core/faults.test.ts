import { afterAll, beforeAll, expect, test } from 'vitest';
import type { VenueHealth } from '#bridge/contract.ts';
import type { HttpResponse } from '#core/ports/http.ts';
import { HttpError } from '#core/venue-error.ts';
import { demoVenues } from '#node/demo/market.ts';
import { blanked, type Distortion, doubled, emptied, extended, halved, mistyped, reversed, withoutLast } from '#test/support/distort.ts';
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

type Answer = (at: number) => HttpResponse;
type Fault = (answer: Answer, now: number) => HttpResponse | Promise<HttpResponse>;
interface Expected {
  readonly states: readonly VenueHealth['state'][];
  /** What the person reads. */
  readonly words?: RegExp;
  /** The answer is good but for what is wrong with it: values go on. */
  readonly answers?: true;
  /** Rows that the venue's own list no longer holds are not live until that is read again. */
  readonly takes?: true;
}

let world: World;
let fault: { readonly victims: readonly string[]; readonly meet: Fault } | null = null;
const polledAt = new Map<string, number[]>();
let first: readonly string[] = [];

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
    between: (id, answer, now) => (fault?.victims.includes(id) === true ? fault.meet(answer, now) : answer(now)),
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

const failed: Expected = { states: ['degraded'] };
const FAULTS: Readonly<Record<string, readonly [Fault, Expected]>> = {
  'fields that are not documented': [spoils(extended), { states: ['healthy'], answers: true }],
  'rows in another order': [spoils(reversed), { states: ['healthy'], answers: true }],
  'every row twice': [spoils(doubled), { states: ['healthy'], answers: true }],
  // Where the rows of several exchanges take turns in a list, all of the venue's own may be among those that lack.
  'half of the rows': [
    spoils(halved),
    { states: ['degraded'], words: /told of \d+ of its \d+ instruments only|without any rates/u, answers: true },
  ],
  'refused, reset, cut off or without a name (DNS)': [fails('network'), { ...failed, words: /cannot be reached/u }],
  'a certificate that is not its own': [fails('tls'), { ...failed, words: /cannot be reached safely/u }],
  'slow headers or a stalled body': [hangs, { ...failed, words: /did not answer in time/u }],
  'a body of 50 MB, or a bomb': [fails('too-large'), { ...failed, words: /too large to be right/u }],
  '429 with Retry-After': [status(429, { 'retry-after': '120' }), { states: ['limited'], words: /asks for fewer requests/u }],
  '429 without': [status(429), { states: ['limited'], words: /asks for fewer requests/u }],
  '418 with Retry-After': [status(418, { 'retry-after': '120' }), { states: ['limited'], words: /has banned this address/u }],
  '418 without': [status(418), { states: ['limited'], words: /has banned this address/u }],
  '451': [status(451), { states: ['blocked'], words: /refuses this connection \(451\)/u }],
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
    failed,
  ],
  null: [status(200, {}, 'null'), failed],
  'empty lists': [spoils(emptied), { states: ['degraded', 'partial'] }],
  'rows without a field': [spoils(blanked), { states: ['degraded', 'partial'] }],
  'fields of other types': [spoils(mistyped), { states: ['degraded', 'partial'] }],
  'a clock ten minutes ahead': [(answer, now) => answer(now + 600_000), { states: ['healthy', 'degraded', 'partial'], answers: true }],
  'a clock ten minutes behind': [(answer, now) => answer(now - 600_000), { states: ['healthy', 'degraded', 'partial'], answers: true }],
  'a symbol that vanishes between two calls': [
    spoils(withoutLast),
    { states: ['healthy', 'degraded', 'partial'], answers: true, takes: true },
  ],
};

test.each(Object.entries(FAULTS))('%s', async (_name, [meet, { states, words, answers, takes }]) => {
  for (const [victims, others] of [halves, halves.toReversed() as [string[], string[]]]) {
    const rows = await stored(victims);
    const from = world.clock.now();
    fault = { victims, meet };
    await world.clock.advance(LATEST_MS + (meet === hangs ? 16 * SECOND : 0));
    const told = await health(victims);
    fault = null;
    expect(told.filter(({ state }) => !states.includes(state)).map(({ id, state, error }) => [id, state, error])).toEqual([]);
    if (words) expect(told.filter(({ error }) => !words.test(error ?? '')).map(({ id, error }) => [id, error])).toEqual([]);
    if (!answers) expect(told.filter(({ error }) => error === null).map(({ id }) => id)).toEqual([]);
    // Or it is being tried at this moment.
    if (!answers && meet !== hangs) expect(told.filter(({ nextTryAt }) => nextTryAt === null).map(({ id }) => id)).toEqual([]);
    // Nothing is lost, whatever came.
    if (!takes) expect(await stored(victims)).toEqual(rows);
    // No other venue was late.
    const until = world.clock.now();
    for (const id of others) {
      const times = [from, ...(polledAt.get(id) ?? []).filter((at) => at > from), until];
      expect([id, Math.max(...times.slice(1).map((at, i) => at - (times[i] ?? at))) <= LATEST_MS]).toEqual([id, true]);
    }
    for (const venue of victims) await world.call('venues.retry', { venue, anyway: true });
    await world.clock.advance((meet === hangs ? 20 : 5) * SECOND);
    // A list that changes slowly is asked for again minutes later: until then its venue is partial.
    expect(await troubled(['healthy', 'partial'])).toEqual([]);
    if (!takes) expect(await stored(victims)).toEqual(rows);
  }
});

test('a quarter of an hour later every row is there as it was, and open interest that could not be read was asked for again', async () => {
  await world.clock.advance(16 * 60 * SECOND);
  expect(await troubled(['healthy'])).toEqual([]);
  expect((await stored(ids)).toSorted()).toEqual(first.toSorted());
});
