import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createVenueFacts } from '#core/collect/venue-facts.ts';
import { createHost } from '#core/collect/host.ts';
import { createVenueLink } from '#core/collect/venue-link.ts';
import { toVenueError } from '#core/collect/classify.ts';
import { createReporter } from '#core/reporter.ts';
import type { Http } from '#core/ports/http.ts';
import type { Log } from '#core/ports/log.ts';
import type { Venue } from '#core/venue.ts';
import { newInstrument } from '#domain/instrument.ts';
import { newCanceller } from '#node/canceller.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { FakeClock } from '#test/support/fake-clock.ts';
import { createPaperVenue, PAPER_RULES, PaperMarket } from '#test/support/paper-venue.ts';

const START = Date.UTC(2026, 9, 1);
const HOUR = 3_600_000;
const BTC = 'alpha:BTCUSDT';

const PAPER = { venue: 'alpha', symbol: 'BTCUSDT', asset: 'BTC', quote: 'USDT', settle: 'USDT' };
const silent: Log = { write: () => undefined };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

function open(speed = 1, change: (venue: Venue) => Venue = (venue) => venue) {
  const folder = mkdtempSync(join(tmpdir(), 'perpscope-facts-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const clock = new FakeClock(START, speed);
  const market = new PaperMarket(clock);
  market.list('BTCUSDT', { asset: 'BTC' });
  const venue = change(createPaperVenue('alpha', 1200));
  const http: Http = { request: (request, signal) => market.answer(request, request.url.slice('https://alpha.example'.length), signal) };
  const now = () => clock.now();
  const link = createVenueLink({
    venue,
    host: createHost(venue.host, { clock, random: () => 0.5 }),
    http,
    givenUrl: () => null,
    proxy: () => 'off',
    isOn: () => true,
    now,
    onBan: () => undefined,
  });
  const settings = { enabled: true, url: null, pollSeconds: 30 };
  const io = link.io('poll', newCanceller().signal);
  const history = new SqliteHistory({ file: join(folder, 'history.sqlite'), kind: 'live', log: silent, now });
  closers.push(() => history.close());
  history.recordPoll({
    venue: 'alpha',
    observedAt: START,
    pollMs: 1000,
    instruments: [newInstrument(PAPER)],
    snapshots: [],
    watched: new Set(),
  });
  const store = {
    recordOrderRules(...input: Parameters<SqliteHistory['recordOrderRules']>) {
      history.recordOrderRules(...input);
      return Promise.resolve();
    },
    orderRules: (...input: Parameters<SqliteHistory['orderRules']>) => Promise.resolve(history.orderRules(...input)),
  };
  const reporter = createReporter({ store: { recordEvent: () => Promise.resolve() }, log: silent, onChange: () => undefined });
  const facts = createVenueFacts({
    clock,
    reporter,
    store,
    feeds: new Map([
      [
        'alpha',
        {
          venue,
          now,
          settings: () => settings,
          ask: (work) => work(io).catch((error: unknown) => Promise.reject(toVenueError(venue.name, error))),
        },
      ],
    ]),
  });
  return { clock, market, facts, settings, history };
}

describe('what a venue demands', () => {
  test('is asked once for everybody who wants it, and again after an hour', async () => {
    const { clock, market, facts } = open();
    const [a, b] = await Promise.all([facts.orderRules(BTC), facts.orderRules(BTC)]);
    expect([a, b]).toEqual([
      { rules: PAPER_RULES, at: START },
      { rules: PAPER_RULES, at: START },
    ]);
    await clock.advance(HOUR - 1000);
    expect((await facts.orderRules(BTC)).at).toBe(START);
    expect(market.count('/rules')).toBe(1);
    await clock.advance(1000);
    expect((await facts.orderRules(BTC)).at).toBe(START + HOUR);
    expect(market.count('/rules')).toBe(2);
  });

  test('stands with its time where the venue fails, and is an error in words where it was never told', async () => {
    const { clock, market, facts } = open();
    market.fault = { kind: 'network' };
    await expect(facts.orderRules(BTC)).rejects.toMatchObject({
      name: 'UserError',
      message: 'Alpha cannot be reached: no network, or the address is wrong.',
    });
    market.fault = null;
    await facts.orderRules(BTC);
    await clock.advance(2 * HOUR);
    market.fault = { kind: 'status', status: 503 };
    expect((await facts.orderRules(BTC)).at).toBe(START);
  });

  test('every version is kept, and read as of then', async () => {
    let tick = '0.1';
    const { clock, market, facts, history } = open(1, (venue) => ({
      ...venue,
      orderRules: () => Promise.resolve({ ...PAPER_RULES, tickSize: tick }),
    }));
    await facts.orderRules(BTC);
    await clock.advance(HOUR);
    await facts.orderRules(BTC);
    tick = '0.01';
    await clock.advance(HOUR);
    await facts.orderRules(BTC);
    const then = async (asOf: number) => (await facts.orderRules(BTC, asOf)).rules.tickSize;
    await expect(then(START - 1)).rejects.toMatchObject({ code: 'not-found' });
    expect([await then(START), await then(START + 2 * HOUR - 1), await then(START + 2 * HOUR)]).toEqual(['0.1', '0.1', '0.01']);
    expect(await facts.orderRules(BTC, START + HOUR)).toEqual({ rules: { ...PAPER_RULES, tickSize: '0.1' }, at: START });
    expect(history.orderRules(BTC)).toEqual({ rules: { ...PAPER_RULES, tickSize: '0.01' }, learntAt: START + 2 * HOUR });
    expect(market.requests).toEqual([]);
  });

  test('what was stored by an earlier run stands in where the venue fails', async () => {
    const { market, facts, history } = open();
    history.recordOrderRules(BTC, PAPER_RULES, START - 5 * HOUR);
    market.fault = { kind: 'network' };
    expect(await facts.orderRules(BTC)).toEqual({ rules: PAPER_RULES, at: START - 5 * HOUR });
  });

  test('is not asked of a venue that is off or unknown', async () => {
    const { market, facts, settings } = open();
    settings.enabled = false;
    await expect(facts.orderRules(BTC)).rejects.toMatchObject({ name: 'UserError', message: 'Alpha is switched off.' });
    await expect(facts.book('beta:BTCUSDT')).rejects.toMatchObject({ name: 'UserError', code: 'not-found' });
    expect(market.requests).toEqual([]);
  });
});

describe('open interest', () => {
  test('is asked once for everybody, kept a minute, and an old one never stands in', async () => {
    const { clock, market, facts } = open();
    const [a, b] = await Promise.all([facts.openInterest(BTC), facts.openInterest(BTC)]);
    expect([a, b]).toEqual([a, { openInterest: { amount: 2500, counted: 'base', at: START - 1000 }, at: START }]);
    await clock.advance(59_000);
    expect(await facts.openInterest(BTC)).toEqual(a);
    expect(market.count('/interest')).toBe(1);
    await clock.advance(1_000);
    market.fault = { kind: 'network' };
    await expect(facts.openInterest(BTC)).rejects.toMatchObject({ name: 'UserError', code: 'busy' });
    expect(market.count('/interest')).toBe(2);
  });

  test('is not asked of a venue that has no call for it', async () => {
    const { market, facts } = open(1, (venue) => {
      delete venue.openInterest;
      return venue;
    });
    expect(await facts.openInterest(BTC)).toBeNull();
    expect(market.requests).toEqual([]);
  });
});

describe('the book', () => {
  test.each([1, 60])('is kept three real seconds at speed %i, and an old one never stands in', async (speed) => {
    const { clock, market, facts } = open(speed);
    const first = await facts.book(BTC);
    expect(first.book.bids.length).toBe(20);
    await clock.advance(2_900 * speed);
    expect(await facts.book(BTC)).toEqual(first);
    await clock.advance(200 * speed);
    expect((await facts.book(BTC)).at).toBeGreaterThan(first.at);
    expect(market.count('/book')).toBe(2);
    await clock.advance(4_000 * speed);
    market.fault = { kind: 'network' };
    await expect(facts.book(BTC)).rejects.toMatchObject({ code: 'busy' });
  });
});
