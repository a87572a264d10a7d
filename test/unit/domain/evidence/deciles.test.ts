import { describe, expect, test } from 'vitest';
import { decilesOf, type Ranked, rankedOf, type SortTerms } from '#domain/evidence/deciles.ts';
import type { StudiedHistory } from '#domain/evidence/studied.ts';
import type { FrameInstrument } from '#domain/metrics/frames/frames.ts';
import { emptyHourFrame } from '#domain/metrics/frames/hour.ts';
import { emptySettlementFrame } from '#domain/metrics/frames/settlement.ts';
import { findMetric } from '#domain/metrics/index.ts';
import { HOUR_MS } from '#domain/time.ts';

const START = Date.UTC(2025, 0, 1);
const TERMS: SortTerms = {
  ...{ everyH: 8, delayH: 0, costBp: 5, side: 'against', from: -Infinity, to: Infinity, seed: 1, draws: 200 },
};

/** Settled every eight hours, a price at each close. */
function historyOf(rates: readonly number[], priceAt: (hour: number) => number, delistedAt = NaN): StudiedHistory {
  const instrument: FrameInstrument = {
    ...{ id: 'v:X', venue: 'v', asset: 'X', contract: 'linear', multiplier: 1, money: 'USDT', formula: null },
  };
  const settlement = emptySettlementFrame(instrument, rates.length);
  settlement.time.set(rates.map((_, i) => START + 8 * i * HOUR_MS));
  settlement.rate.set(rates);
  settlement.intervalH.fill(8);
  settlement.mark.set(rates.map((_, i) => priceAt(8 * i)));
  const hours = (rates.length - 1) * 8 + 2;
  const hour = emptyHourFrame(instrument, hours);
  hour.time.set(Array.from({ length: hours }, (_, h) => START + h * HOUR_MS));
  hour.mark.set(Array.from({ length: hours }, (_, h) => priceAt(h)));
  return { hour, settlement, delistedAt, rows: [{ frame: settlement, barMs: HOUR_MS }] };
}

const metric = findMetric('settled-rate');
if (metric === undefined) throw new Error('there is no settled-rate');
const closed = START + 25 * HOUR_MS;

describe('one instrument at its sorts', () => {
  const history = historyOf([0.001, 0.002, 0.003, 0.004], (hour) => 100 + hour);
  test('ranked by the settlement of then, held from the next close to that after the next sort, paid at its own mark', () => {
    const found = rankedOf(history, { metric, params: {} }, TERMS, closed);
    expect([...found.sort].map((sort) => sort * 8 * HOUR_MS)).toEqual([0, 8, 16, 24].map((hour) => START + hour * HOUR_MS));
    expect([...found.value]).toEqual([0.001, 0.002, 0.003, 0.004]);
    // Bought at 101 an hour after the first, sold at 109; the settlement at 108 charged 0.2 %.
    expect(found.price[0]).toBeCloseTo(109 / 101 - 1, 13);
    expect(found.funding[0]).toBeCloseTo((-0.002 * 108) / 101, 13);
    expect(found.price[1]).toBeCloseTo(117 / 109 - 1, 13);
    // The last one's exit is not stored: it has a rank and no outcome.
    expect([found.price[3], found.funding[3]]).toEqual([NaN, NaN]);
  });
  test('what is due and missing gives no rank, nor is one had after the delisting or outside of the period', () => {
    const holed = {
      ...history,
      settlement: { ...history.settlement, time: history.settlement.time.map((t, i) => (i === 1 ? t + HOUR_MS : t)) },
    };
    const late = { ...holed, rows: [{ frame: holed.settlement, barMs: HOUR_MS }] };
    expect(rankedOf(late, { metric, params: {} }, TERMS, closed).value).toEqual(Float64Array.of(0.001, 0.003, 0.004));
    expect(rankedOf({ ...history, delistedAt: START + 16 * HOUR_MS }, { metric, params: {} }, TERMS, closed).value).toEqual(
      Float64Array.of(0.001, 0.002),
    );
    const bounded = { ...TERMS, from: START, to: START + 16 * HOUR_MS };
    expect(rankedOf(history, { metric, params: {} }, bounded, closed).value).toEqual(Float64Array.of(0.002, 0.003));
  });
});

describe('tenths', () => {
  const flat = (rates: readonly number[]): Ranked => ({
    sort: Int32Array.from(rates, (_, i) => 1000 + 21 * i),
    value: Float64Array.from(rates),
    price: Float64Array.from(rates, () => NaN),
    funding: Float64Array.from(rates, (rate) => -rate),
  });
  test('twenty instruments by rank, two in each; the highest sold against the lowest, four fills', () => {
    const all = Array.from({ length: 20 }, (_, i) => flat([i * 1e-4, i * 2e-4]));
    const { deciles, ends, ...counts } = decilesOf(all, TERMS);
    expect(deciles.map((one) => one?.n)).toEqual(Array.from({ length: 10 }, () => 4));
    // 18 and 19 of each sort: -18, -19, -36, -38.
    expect(deciles[9]).toMatchObject({ price: null });
    expect(deciles[9]?.gross.mean).toBeCloseTo(-27.75e-4, 13);
    expect(deciles[9]?.gross.median).toBeCloseTo(-27.5e-4, 13);
    expect(counts).toMatchObject({ sorts: 2, tooFew: 0, ranked: 40, incomplete: 0 });
    // (18.5 - 0.5) and twice that, less 4 x 5 bp.
    expect(ends?.gross.mean).toBeCloseTo(27e-4, 13);
    expect(ends?.net.mean).toBeCloseTo(7e-4, 13);
    expect(ends?.interval).toBeNull();
    expect(decilesOf(all, { ...TERMS, side: 'with' }).ends?.gross.mean).toBeCloseTo(-27e-4, 13);
  });
  test('equal values lie together in the tenth of their middle', () => {
    const { deciles } = decilesOf([...Array.from({ length: 18 }, () => flat([1e-4])), flat([0]), flat([2e-4])], TERMS);
    expect(deciles.map((one) => one?.n ?? 0)).toEqual([1, 0, 0, 0, 0, 18, 0, 0, 0, 1]);
  });
  test('fewer than ten are no sort; what has no outcome is ranked all the same', () => {
    expect(
      decilesOf(
        Array.from({ length: 9 }, (_, i) => flat([i])),
        TERMS,
      ),
    ).toMatchObject({ sorts: 0, tooFew: 1, ends: null });
    const lost = { ...flat([99]), funding: Float64Array.of(NaN) };
    const found = decilesOf([...Array.from({ length: 9 }, (_, i) => flat([i])), lost], TERMS);
    expect(found).toMatchObject({ sorts: 1, ranked: 10, incomplete: 1, ends: null });
    expect(found.deciles[9]).toBeNull();
  });
  test('an interval from thirty weeks on, the same for the same seed', () => {
    const all = Array.from({ length: 10 }, (_, i) => flat(Array.from({ length: 40 }, (_, week) => i * 1e-4 * (1 + (week % 3)))));
    const { ends } = decilesOf(all, TERMS);
    expect(ends?.weeks).toBe(40);
    expect(ends?.interval?.low).toBeLessThan(ends?.net.mean ?? NaN);
    expect(ends?.interval?.high).toBeGreaterThan(ends?.net.mean ?? NaN);
    expect(decilesOf(all, TERMS).ends).toEqual(ends);
  });
});
