import { expect, test } from 'vitest';
import { createFollowedFacts } from '#core/collect/followed-facts.ts';
import { createPlanned } from '#core/collect/planned.ts';
import { UserError } from '#bridge/errors.ts';
import type { HistoryEvent, StoredOrderRules } from '#core/ports/history-facts.ts';
import type { HistoryStore } from '#core/ports/history.ts';
import { FakeClock } from '#test/support/fake-clock.ts';
import { createPaperVenue, PAPER_RULES } from '#test/support/paper-venue.ts';

const START = Date.UTC(2026, 9, 1);
const BTC = 'alpha:BTCUSDT';
const NO_BOOK = {
  at: new Float64Array(),
  mid: new Float64Array(),
  bids: new Float64Array(),
  ends: new Float64Array(),
  levels: new Float64Array(),
  thinned: [],
};

function open(known: StoredOrderRules | null, { isOn = true, records = true, events = [] as HistoryEvent[] } = {}) {
  const clock = new FakeClock(START);
  const store: Pick<HistoryStore, 'books' | 'orderRules' | 'events'> = {
    events: (from) => Promise.resolve(events.filter(({ at }) => at > from)),
    books: () => Promise.resolve(NO_BOOK),
    orderRules: () => Promise.resolve(known),
  };
  const beside = { sentence: () => 'Nothing is recorded here.', records: () => records };
  return { clock, facts: createFollowedFacts({ clock, store, venues: [createPaperVenue('alpha', 1200)], beside, isOn: () => isOn }) };
}

test('stored order rules ask nothing of the collector; a book, and rules that are not there, do', async () => {
  const { facts } = open({ rules: PAPER_RULES, learntAt: START });
  expect(await facts.orderRules(BTC)).toEqual({ rules: PAPER_RULES, at: START });
  expect(facts.plan()).toEqual([]);
  await expect(facts.book(BTC)).rejects.toThrow(/comes within a few seconds/u);
  expect(facts.plan()).toEqual([BTC]);
  const without = open(null).facts;
  await expect(without.orderRules(BTC)).rejects.toThrow(/demands of orders of alpha:BTCUSDT is asked of the collector/u);
  expect(without.plan()).toEqual([BTC]);
});

test('why there is none is said: not yet, not for long, not of this venue, and not here', async () => {
  const { clock, facts } = open(null);
  for (let s = 0; s < 40; s += 4) {
    await facts.book(BTC).catch(() => undefined);
    await clock.advance(4_000);
  }
  await expect(facts.book(BTC)).rejects.toThrow(/has not brought it for 40 s: see in Venues.+logs\/collector\.log/u);
  await expect(facts.book('other:BTC')).rejects.toThrow('The venue of other:BTC is not known here.');
  await expect(open(null, { isOn: false }).facts.book(BTC)).rejects.toThrow(/is switched off/u);
  await expect(open(null, { records: false }).facts.book(BTC)).rejects.toThrow('Nothing is recorded here.');
});

test('why the exchange gives the collector none is said where a person plans with it, each reason once', async () => {
  const events: HistoryEvent[] = [];
  const { clock, facts } = open(null, { events });
  let why = 'Alpha has trouble of its own (503).';
  const planned = createPlanned({
    clock,
    facts: {
      book: () => Promise.reject(new UserError('busy', why)),
      orderRules: () => Promise.reject(new UserError('busy', 'Alpha does not list BTCUSDT now.')),
      openInterest: () => Promise.resolve(null),
    },
    store: { recordBooks: () => Promise.reject(new Error('there is no book')) },
    reporter: { guard: (_, write) => write().then(() => true), event: (event) => void events.push(event) },
    log: { write: () => undefined },
  });
  const serve = async (ids: readonly string[]): Promise<void> => {
    planned.serve(new Set(ids));
    await planned.done();
    await clock.advance(5_000);
  };
  await expect(facts.book(BTC)).rejects.toThrow(/comes within a few seconds/u);
  for (let i = 0; i < 3; i++) await serve(facts.plan());
  await expect(facts.book(BTC)).rejects.toThrow(`${why} The collector that records this folder asks again every few seconds.`);
  await expect(facts.orderRules(BTC)).rejects.toThrow(/^Alpha does not list BTCUSDT now\. The collector/u);
  expect(events.map(({ kind, venue, instrument, text }) => [kind, venue, instrument, text])).toEqual([
    ['refused', 'alpha', BTC, `order book: ${why}`],
    ['refused', 'alpha', BTC, 'order rules: Alpha does not list BTCUSDT now.'],
  ]);
  why = 'Alpha cannot be reached: no network, or the address is wrong.';
  await serve([BTC]);
  await expect(facts.book(BTC)).rejects.toThrow(why);
  // Planned with anew, after a calculator was closed, it is said anew.
  await serve([]);
  await serve([BTC]);
  expect(events.filter(({ text }) => text.endsWith(why))).toHaveLength(2);
});
