import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookOf, ladderOf } from '#core/book-ladder.ts';
import { averagePrice, midPrice, moneyWithin } from '#domain/metrics/book.ts';
import type { Book } from '#domain/metrics/frames/frames.ts';

type Levels = readonly (readonly [string, string])[];
const whole = ({ bids, asks }: { bids: Levels; asks: Levels }): Book => ({
  bids: Float64Array.from(bids.flat().map(Number)),
  asks: Float64Array.from(asks.flat().map(Number)),
});
const imbalance = ({ bids, asks }: Book, mid: number, band: number): number => {
  const [below, above] = [moneyWithin(bids, mid, band), moneyWithin(asks, mid, band)];
  return (below - above) / (below + above);
};

/** Gaps between levels in ticks of 0.01 around 100, and their sizes; both sides reach beyond the widest usual band. */
const side = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 30 }), size: fc.integer({ min: 1, max: 1_000_000 }) }), {
  minLength: 1,
  maxLength: 120,
});
const levelsOf = (gaps: readonly { gap: number; size: number }[], sign: 1 | -1): Levels => {
  let ticks = 10_000;
  return [...gaps, { gap: 400, size: 1 }].map(({ gap, size }) => {
    ticks += sign * gap;
    return [(ticks / 100).toFixed(2), (size / 1000).toFixed(3)] as const;
  });
};

describe('the recorded book', () => {
  test('says of every usual band what the whole book says, and no level stands beyond where it stood', () => {
    fc.assert(
      fc.property(side, side, (below, above) => {
        const book = { bids: levelsOf(below, -1), asks: levelsOf(above, 1) };
        const full = whole(book);
        const ladder = ladderOf(book);
        const kept = bookOf(ladder);
        const mid = midPrice(full);
        expect(ladder.mid).toBe(mid);
        expect(Math.abs(midPrice(kept) / mid - 1)).toBeLessThan(1e-12);
        for (const band of [0.001, 0.005, 0.02]) {
          for (const name of ['bids', 'asks'] as const) {
            const [is, was] = [moneyWithin(kept[name], midPrice(kept), band), moneyWithin(full[name], mid, band)];
            expect(Math.abs(is - was)).toBeLessThanOrEqual(1e-6 * was);
          }
        }
        expect(Math.abs(kept.bids[0] ?? NaN)).toBeCloseTo(full.bids[0] ?? NaN, 6);
        for (const levels of [ladder.bids, ladder.asks]) {
          const distances = levels.filter((_, i) => i % 2 === 0);
          const last = Math.abs(Number((levels === ladder.bids ? book.bids : book.asks).at(-1)?.[0]) / mid - 1);
          if (last <= 0.2) expect(Math.abs((distances.at(-1) ?? NaN) / last - 1)).toBeLessThan(1e-6);
          expect([...distances]).toEqual([...distances].sort((a, b) => a - b));
          expect(levels.length).toBeLessThanOrEqual(26);
        }
      }),
    );
  });

  test('a level on the edge of a band is recorded within it, whatever the last digits of its distance are', () => {
    // 1.99 lies 0.0050000000000000044 of mid below it. It is neither the best nor the last level, which are kept as they are.
    const bids = [['1.999', '10'], ['1.99', '10'], ['1.985', '10'], ['1.9', '10']] as const; // prettier-ignore
    const asks = [['2.001', '10'], ['2.01', '10'], ['2.015', '10'], ['2.1', '10']] as const; // prettier-ignore
    const kept = bookOf(ladderOf({ bids, asks }));
    expect(moneyWithin(kept.bids, 2, 0.005)).toBeCloseTo(19.99 + 19.9, 4);
    expect(moneyWithin(kept.asks, 2, 0.005)).toBeCloseTo(20.01 + 20.1, 4);
  });

  test('a fill costs nearly what the whole book asks for it', () => {
    const asks = Array.from({ length: 100 }, (_, i) => [(100 + 0.02 * (i + 1)).toFixed(2), '3'] as const);
    const bids = asks.map(([price, size]) => [(200 - Number(price)).toFixed(2), size] as const);
    const [kept, full] = [bookOf(ladderOf({ bids, asks })), whole({ bids, asks })];
    for (const size of [200, 1_000, 10_000, 25_000])
      expect(Math.abs(averagePrice(kept.asks, size) / averagePrice(full.asks, size) - 1), String(size)).toBeLessThan(0.001);
    expect(averagePrice(kept.asks, 1e6)).toBeNaN();
  });

  test('of a book that ends inside the band both sides are cut to what both reach', () => {
    const bids = [
      ['99.99', '1'],
      ['99.95', '1'],
      ['99.9', '1'],
    ] as const;
    const asks = [
      ['100.01', '1'],
      ['100.05', '1'],
      ['100.1', '1'],
      ['100.3', '50'],
    ] as const;
    const kept = bookOf(ladderOf({ bids, asks }));
    expect(imbalance(kept, midPrice(kept), 0.005)).toBeCloseTo(-0.0005, 4);
    const far = bookOf(ladderOf({ bids: [...bids, ['99.4', '1']], asks: [...asks, ['100.7', '1']] }));
    expect(imbalance(far, midPrice(far), 0.005)).toBeLessThan(-0.8);
  });
});
