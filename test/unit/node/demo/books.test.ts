import { describe, expect, test } from 'vitest';
import { ladderOf } from '#core/book-ladder.ts';
import type { OrderRules, OrderBook } from '#core/venue.ts';
import { sizePlain } from '#test/support/size-plan.ts';
import { createVenues } from '#node/venues/index.ts';
import { createIo, createModel, HOUR, mainContract, NOW, sure, VENUES } from './support.ts';

const SEED = 7;
const venues = new Map(createVenues().map((venue) => [venue.id, venue]));

const rulesOf = (venue: (typeof VENUES)[number], symbol: string): Promise<OrderRules> =>
  sure(venues.get(venue)).orderRules(createIo(SEED, venue), symbol);
const bookAt = (venue: (typeof VENUES)[number], symbol: string, now = NOW): Promise<OrderBook> =>
  sure(venues.get(venue)).book(createIo(SEED, venue, now), symbol);

/** Quote money within 0.5 % of mid, bids and asks. */
function depth(book: OrderBook): { bids: number; asks: number } {
  const { bids, asks } = ladderOf(book);
  const within = (side: Float64Array): number => {
    let money = 0;
    for (let i = 0; i + 1 < side.length; i += 2) if ((side[i] ?? 1) <= 0.005) money += side[i + 1] ?? 0;
    return money;
  };
  return { bids: within(bids), asks: within(asks) };
}
const imbalance = (book: OrderBook): number => {
  const { bids, asks } = depth(book);
  return (bids - asks) / (bids + asks);
};

describe.each(VENUES)('%s', (venue) => {
  const { contracts } = createModel(SEED);
  const listed = contracts.of(venue, NOW).filter((contract) => contract.delistedAt > NOW);
  /** Markets that are margined in their coin list no small ones. */
  const or = (asset: string, instead: string): string => (listed.some(({ asset: { name } }) => name === asset) ? asset : instead);

  test('every contract has rules that a plan can be sized by', async () => {
    for (const contract of listed) {
      const rules = await rulesOf(venue, contract.symbol);
      const plan = sizePlain(rules, createModel(SEED).process.mark(contract, NOW), contract.contract);
      expect(plan, contract.symbol).toEqual({ problems: [], sized: true });
    }
  });

  test('every contract has a book that reaches the band on both sides', async () => {
    for (const contract of listed) {
      const book = await bookAt(venue, contract.symbol);
      const mid = (Number(book.bids[0]?.[0]) + Number(book.asks[0]?.[0])) / 2;
      const mark = createModel(SEED).process.mark(contract, NOW);
      expect(Math.abs(mid / mark - 1), contract.symbol).toBeLessThan(0.003);
      const { bids, asks } = depth(book);
      expect(Math.min(bids, asks), contract.symbol).toBeGreaterThan(0);
      for (const side of [book.bids, book.asks])
        expect(Math.abs(Number(side.at(-1)?.[0]) / mid - 1), contract.symbol).toBeGreaterThan(0.005);
    }
  });

  test('large coins have deep books', async () => {
    const symbol = (asset: string) => mainContract(contracts, venue, asset).symbol;
    const [large, small] = [depth(await bookAt(venue, symbol('BTC'))), depth(await bookAt(venue, symbol(or('IO', 'NEAR'))))];
    expect(large.bids + large.asks).toBeGreaterThan(50 * (small.bids + small.asks));
  });

  test('the heavier side moves, and mostly is the one that the crowd stands on', async () => {
    const { process } = createModel(SEED);
    const contract = mainContract(contracts, venue, or('AIXBT', 'NEAR'));
    const seen: { crowd: number; imbalance: number }[] = [];
    for (let t = NOW; t < NOW + 200 * HOUR; t += 5 * HOUR)
      seen.push({ crowd: process.premium(contract, t), imbalance: imbalance(await bookAt(venue, contract.symbol, t)) });
    expect(new Set(seen.map((one) => one.imbalance)).size).toBe(seen.length);
    const mean = (list: readonly { imbalance: number }[]) => list.reduce((sum, one) => sum + one.imbalance, 0) / list.length;
    const crowds = seen.toSorted((a, b) => a.crowd - b.crowd);
    expect(mean(crowds.slice(-8)) - mean(crowds.slice(0, 8))).toBeGreaterThan(0.2);
  });
});

test('the coarse question on Hyperliquid joins the fine one without a step back', async () => {
  const book = await bookAt('hyperliquid', 'ETH');
  expect(book.bids.length).toBeGreaterThan(20);
  const prices = book.bids.map(([price]) => Number(price));
  expect(prices).toEqual(prices.toSorted((a, b) => b - a));
  expect(new Set(prices).size).toBe(prices.length);
});
