import { expect, test } from 'vitest';
import { createListedRules } from '#core/collect/listed-rules.ts';
import type { OrderRules, Venue, VenueIo } from '#core/venue.ts';
import { FakeClock } from '#test/support/fake-clock.ts';
import { createPaperVenue, PAPER_RULES } from '#test/support/paper-venue.ts';

const HOUR = 3_600_000;
const ids = new Set(['listed:BTC', 'listed:GONE', 'asking:BTC', 'asking:ETH', 'off:BTC']);

function open() {
  const clock = new FakeClock(Date.UTC(2026, 9, 1));
  const recorded: [string, OrderRules][] = [];
  const logged: string[] = [];
  const asked: string[] = [];
  let step = '0.1';
  const rulesOf: Record<string, (io: VenueIo, symbol: string) => Promise<OrderRules>> = {
    listed: (_, symbol) => (symbol === 'GONE' ? Promise.reject(new Error('no GONE')) : Promise.resolve({ ...PAPER_RULES, lotStep: step })),
    async asking(io, symbol) {
      asked.push(symbol);
      await io.request({ path: '/tiers', cost: {} });
      return PAPER_RULES;
    },
    off: () => Promise.resolve(PAPER_RULES),
  };
  const feeds = new Map(
    Object.entries(rulesOf).map(([id, rules]) => {
      const venue: Venue = { ...createPaperVenue(id, 1200), orderRules: rules };
      return [
        id,
        { venue, settings: () => ({ enabled: true, url: null, pollSeconds: 30 }), now: () => clock.now(), answers: () => id !== 'off' },
      ];
    }),
  );
  const listed = createListedRules({
    clock,
    feeds,
    store: {
      recordOrderRules(id, rules) {
        recorded.push([id, rules]);
        return Promise.resolve();
      },
    },
    reporter: { guard: (_, write) => write().then(() => true) },
    log: { write: (_, __, text) => void logged.push(text) },
  });
  const serve = async (): Promise<void> => {
    listed.serve(ids);
    await listed.done();
  };
  return { clock, recorded, logged, asked, serve, restep: (to: string) => (step = to) };
}

test('what a venue lists anyway is kept once an hour; what it would have to ask for is left, and nothing is sent', async () => {
  const { clock, recorded, logged, asked, serve, restep } = open();
  await serve();
  await serve();
  expect(recorded.map(([id]) => id)).toEqual(['listed:BTC']);
  // It shows with the first that it would ask, and the others are not tried.
  expect(asked).toEqual(['BTC']);
  expect(logged).toEqual(['order rules of listed:GONE: Error: no GONE']);
  restep('0.01');
  await clock.advance(HOUR);
  await serve();
  expect(recorded.map(([, { lotStep }]) => lotStep)).toEqual(['0.1', '0.01']);
});
