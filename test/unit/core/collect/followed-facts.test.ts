import { expect, test } from 'vitest';
import { createFollowedFacts } from '#core/collect/followed-facts.ts';
import type { OrderRules } from '#core/ports/history-facts.ts';
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

function open(known: OrderRules | null, { isOn = true, records = true } = {}) {
  const clock = new FakeClock(START);
  const store: Pick<HistoryStore, 'books' | 'orderRules'> = {
    books: () => Promise.resolve(NO_BOOK),
    orderRules: () => Promise.resolve(known),
  };
  const beside = { sentence: () => 'Nothing is recorded here.', records: () => records };
  return { clock, facts: createFollowedFacts({ clock, store, venues: [createPaperVenue('alpha', 1200)], beside, isOn: () => isOn }) };
}

test('stored order rules ask nothing of the collector; a book, and rules that are not there, do', async () => {
  const { facts } = open({ rules: PAPER_RULES, learntAt: START });
  expect(await facts.rules(BTC)).toEqual({ rules: PAPER_RULES, at: START });
  expect(facts.plan()).toEqual([]);
  await expect(facts.book(BTC)).rejects.toThrow(/comes within a few seconds/u);
  expect(facts.plan()).toEqual([BTC]);
  const without = open(null).facts;
  await expect(without.rules(BTC)).rejects.toThrow(/demands of orders of alpha:BTCUSDT is asked of the collector/u);
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
