import { describe, expect, test } from 'vitest';
import { createVenueFacts } from '#core/collect/venue-facts.ts';
import { createHost } from '#core/collect/host.ts';
import { createVenueLink } from '#core/collect/venue-link.ts';
import { toVenueError } from '#core/collect/classify.ts';
import type { Http } from '#core/ports.ts';
import type { Venue } from '#core/venue.ts';
import { newCanceller } from '#node/canceller.ts';
import { FakeClock } from '#test/support/fake-clock.ts';
import { createPaperVenue, PAPER_RULES, PaperMarket } from '#test/support/paper-venue.ts';

const START = Date.UTC(2026, 9, 1);
const HOUR = 3_600_000;
const BTC = 'alpha:BTCUSDT';

function open(speed = 1, change: (venue: Venue) => Venue = (venue) => venue) {
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
    isOn: () => true,
    now,
    onBan: () => undefined,
  });
  const settings = { enabled: true, url: null, pollSeconds: 30 };
  const io = link.io('poll', newCanceller().signal);
  const facts = createVenueFacts({
    clock,
    refusal: () => null,
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
  return { clock, market, facts, settings };
}

describe('what a venue demands', () => {
  test('is asked once for everybody who wants it, and again after an hour', async () => {
    const { clock, market, facts } = open();
    const [a, b] = await Promise.all([facts.rules(BTC), facts.rules(BTC)]);
    expect([a, b]).toEqual([
      { rules: PAPER_RULES, at: START },
      { rules: PAPER_RULES, at: START },
    ]);
    await clock.advance(HOUR - 1000);
    expect((await facts.rules(BTC)).at).toBe(START);
    expect(market.count('/rules')).toBe(1);
    await clock.advance(1000);
    expect((await facts.rules(BTC)).at).toBe(START + HOUR);
    expect(market.count('/rules')).toBe(2);
  });

  test('stands with its time where the venue fails, and is an error in words where it was never told', async () => {
    const { clock, market, facts } = open();
    market.fault = { kind: 'network' };
    await expect(facts.rules(BTC)).rejects.toMatchObject({
      name: 'UserError',
      message: 'Alpha cannot be reached: no network, or the address is wrong.',
    });
    market.fault = null;
    await facts.rules(BTC);
    await clock.advance(2 * HOUR);
    market.fault = { kind: 'status', status: 503 };
    expect((await facts.rules(BTC)).at).toBe(START);
  });

  test('is not asked of a venue that is off or unknown', async () => {
    const { market, facts, settings } = open();
    settings.enabled = false;
    await expect(facts.rules(BTC)).rejects.toMatchObject({ name: 'UserError', message: 'Alpha is switched off.' });
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
