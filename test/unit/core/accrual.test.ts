import { describe, expect, test } from 'vitest';
import { accruedHour, dueNext } from '#core/accrual.ts';
import type { Snapshot } from '#core/venue.ts';
import { fundingAccrued } from '#domain/decisions/open-position.ts';
import { positionNow } from '#domain/decisions/position-now.ts';
import { fundingOverHold } from '#domain/decisions/funding.ts';
import { hourFrame, type FrameHours } from '#domain/metrics/frames/hour.ts';
import { settlementFrame } from '#domain/metrics/frames/settlement.ts';
import { basisOnly } from '#domain/metrics/venue-terms.ts';
import { hourlySeries } from '#domain/series.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { carryInput } from '#renderer/features/calculators/carry.ts';
import { fundingInput } from '#renderer/features/calculators/funding.ts';
import { missingOf } from '#renderer/features/calculators/missing.ts';
import { liveOf } from '#renderer/features/calculators/basis.ts';
import { sizeInput } from '#renderer/features/calculators/size.ts';
import { basis, facts, live, pair } from '../renderer/calculator.ts';
import { btc, column, noPrices } from '../domain/metrics/market.ts';

/*
 * A venue that accrues all the time quotes for 8 h; what stands for a settlement is the accrual of a clock hour (domain 2). 8 h quotes are
 * never summed, and never taken for the rate of an hour.
 */
const START = Date.UTC(2026, 0, 1);
const CONTINUOUS = basisOnly({ continuous: true }, 'made');
const DISCRETE = basisOnly({}, 'made');

describe('the hourly series', () => {
  const keys = column([0, 1, 2, 3, 4, 5].map((hour) => START + hour * HOUR_MS));
  const settled = { key: keys, rate: column(Array.from(keys, () => 1e-5)), intervalH: column(Array.from(keys, () => 1)) };
  const observedAt = column(Array.from(keys, (key) => key - MINUTE_MS));
  const nothing = column(Array.from(keys, () => NaN));
  const hours: FrameHours = {
    close: keys,
    observedAt,
    rate: column(Array.from(keys, () => 0.00024)),
    intervalH: column(Array.from(keys, () => 8)),
    mark: nothing,
    index: nothing,
    openInterest: nothing,
    premium: nothing,
    coverage: nothing,
  };

  test('a quote for 8 h is an eighth of it an hour, however the accruals beside it lie', () => {
    const { f, intervalH } = hourlySeries(settled, hours, null, START + 5 * HOUR_MS, true);
    expect([...f]).toEqual(Array.from(keys, () => 0.00003));
    expect([...intervalH]).toEqual(Array.from(keys, () => 1));
    // Where settlements an hour apart do refute the interval, the same rows are eight times as much.
    expect(hourlySeries(settled, hours, null, START + 5 * HOUR_MS).f.at(-1)).toBe(0.00024);
  });

  test('frames know it by the formula of their venue, and an hour that was not observed is its accrual', () => {
    const without = { ...hours, close: keys.slice(0, 3), observedAt: observedAt.slice(0, 3) };
    const history = { settled, hours: without, prices: noPrices };
    const { f } = hourFrame(btc('x', { formula: CONTINUOUS }), history, null, START + 5 * HOUR_MS);
    expect([...f]).toEqual([0.00003, 0.00003, 0.00003, 1e-5, 1e-5, 1e-5]);
  });

  test('what is shown now is told for the hour too', () => {
    const snapshot = { symbol: 'X', rate: 0.00024, intervalH: 8, nextFundingAt: null } as Snapshot;
    expect(accruedHour(CONTINUOUS, snapshot, 8)).toMatchObject({ snapshot: { rate: 0.00003, intervalH: 1 }, intervalH: 1 });
    expect(accruedHour(DISCRETE, snapshot, 8)).toEqual({ snapshot, intervalH: 8 });
  });

  test('what was seen before an accrual is held against it in its own unit', () => {
    const at = column([START + 5 * HOUR_MS - 5 * MINUTE_MS]);
    const one = column([NaN]);
    const snapshots = { observedAt: at, rate: column([0.00024]), intervalH: column([8]), mark: one, index: one };
    const history = {
      settled,
      hours,
      prices: noPrices,
      snapshots: { ...snapshots, openInterest: one, volume24h: one, nextFundingAt: one },
    };
    expect(settlementFrame(btc('x', { formula: CONTINUOUS }), history).seen5.at(-1)).toBeCloseTo(0.00003, 15);
    expect(settlementFrame(btc('x', { formula: DISCRETE }), history).seen5.at(-1)).toBeNaN();
  });
});

test('an accrual is asked for at the end of its clock hour, where no settlement is announced', () => {
  const snapshot = { nextFundingAt: null } as Snapshot;
  expect(dueNext(CONTINUOUS, snapshot, START + 20 * MINUTE_MS)).toBe(START + HOUR_MS);
  expect(dueNext(CONTINUOUS, snapshot, START)).toBe(START + HOUR_MS);
  expect(dueNext(DISCRETE, snapshot, START)).toBeNull();
  expect(dueNext(DISCRETE, { nextFundingAt: START + 7 } as Snapshot, START)).toBe(START + 7);
});

describe('an open position', () => {
  const long = { contract: 'linear', side: 'long', units: 2, entry: 100, openAt: START + 10.25 * HOUR_MS } as const;
  const settled = {
    key: column([START + 10 * HOUR_MS, START + 11 * HOUR_MS, START + 12 * HOUR_MS]),
    rate: column([0.5, 0.0001, 0.0002]),
    mark: column([100, 100, 110]),
  };
  const quote = { rate: 0.0008, intervalH: 8, mark: 120 };

  test('held between two marks it pays its share', () => {
    const between = fundingAccrued(long, { ...settled, key: settled.key.slice(0, 1) }, START + 10.75 * HOUR_MS, 'USDC', quote);
    // 0.0008 x 0.5 h / 8 h x 2 x 120
    expect(between).toMatchObject({ direction: 'you pay', settlements: 0, paid: { value: '0.012' } });
  });

  test('of the hour of its opening the part that it was held, whole hours, and the time since by the running quote', () => {
    const since = fundingAccrued(long, settled, START + 12.5 * HOUR_MS, 'USDC', quote);
    // 0.75 x 0.0001 x 2 x 100 + 0.0002 x 2 x 110 + 0.0008 x 0.5 / 8 x 2 x 120
    expect(since).toMatchObject({ settlements: 2, atEntry: 0, paid: { value: '0.071' } });
    const short = fundingAccrued({ ...long, side: 'short' }, settled, START + 12.5 * HOUR_MS, 'USDC', quote);
    expect(short).toMatchObject({ direction: 'you receive', paid: { value: '-0.071' } });
    // 1,200 USD: 0.75 x 0.0001 x 12 + 0.0002 x 1200/110 + 0.00005 x 10
    const inverse = fundingAccrued({ ...long, contract: 'inverse', units: 1200 }, settled, START + 12.5 * HOUR_MS, 'BTC', quote);
    expect(Number(inverse.paid.value)).toBeCloseTo(0.0009 + 0.24 / 110 + 0.0005, 12);
  });

  test('as of now it shows that, and no next payment', () => {
    const held = {
      ...long,
      ...{ contracts: '2', units: '2', entry: '100', money: 'USDC', quote: 'USDC' },
      ...{ complete: true, accrues: true, maintenance: null, terms: { margin: 'isolated', leverage: 10, maintenance: null } as const },
    };
    const shown = positionNow(held, settled, START + 12.5 * HOUR_MS, { ...quote, nextFundingAt: null });
    expect(shown).toMatchObject({ fundingSince: { paid: { value: '0.071' } }, nextPayment: null });
    const open = positionNow({ ...held, complete: false }, settled, START + 12.5 * HOUR_MS, { ...quote, nextFundingAt: null });
    expect(open.fundingSince.paid.value).toBeNull();
    expect(positionNow({ ...held, accrues: false }, settled, START + 12.5 * HOUR_MS, null).fundingSince.paid.value).toBe('0.064');
  });

  test('without a quote the time since is left out; with nothing known there is no figure', () => {
    expect(fundingAccrued(long, settled, START + 12.5 * HOUR_MS, 'USDC', null).paid.value).toBe('0.059');
    expect(fundingAccrued(long, settled, START + 10.75 * HOUR_MS, 'USDC', null).paid.value).toBeNull();
  });
});

describe('calculators of such an instrument', () => {
  const accruing = {
    ...basis,
    row: { ...basis.row, continuous: true, nextFundingAt: null },
    facts: { ...facts, continuous: true, nextFundingAt: null },
  };

  test('count pro rata, and ask for no settlement', () => {
    const typed = { notional: '1000', holdH: '6' };
    const input = fundingInput(accruing, typed, liveOf(accruing, typed));
    expect(input).toMatchObject({ continuous: true, rate: '0.0001', intervalH: '8' });
    const { figures, problems } = fundingOverHold(input);
    expect(problems).toEqual([]);
    // 0.0001 x 6/8 x 1000
    expect(figures.paid.value).toBe('0.075');
    expect(sizeInput(accruing, {}, liveOf(accruing, {})).funding).toMatchObject({ continuous: true });
    expect(fundingInput(basis, {}, live())).not.toHaveProperty('continuous');
  });

  test('a leg of a carry too; why no settlement stands there', () => {
    const { legs, of } = pair({ facts: accruing.facts });
    const input = carryInput(legs, {}, of);
    expect([input.long.continuous, input.short.continuous]).toEqual([true, undefined]);
    expect(missingOf(accruing.facts, null, 'long.nextFundingAt')).toMatch(/accrues all the time/u);
    expect(missingOf(facts, null, 'nextFundingAt')).not.toMatch(/accrues/u);
  });
});
