import { describe, expect, it, test } from 'vitest';
import { hitRate } from '#renderer/features/search/hit-rate.ts';
import { nextOpen } from '#renderer/features/search/picking.ts';
import { activeSignals, activeWords } from '#renderer/state/active-signals.ts';
import { rowOf } from '../row.ts';

describe('rates of found instruments', () => {
  it('of other intervals are in one unit, so that twice as much reads as twice as much', () => {
    const four = hitRate({ rate: 0.000_548, intervalH: 4 }, '8h');
    const eight = hitRate({ rate: 0.000_577, intervalH: 8 }, '8h');
    expect([four.figure, four.unit]).toEqual(['+0.1096', '%/8h']);
    expect([eight.figure, eight.unit]).toEqual(['+0.0577', '%/8h']);
  });

  it('per interval say of which one; what is not known is a dash', () => {
    expect(hitRate({ rate: 0.000_548, intervalH: 4 }, 'interval')).toMatchObject({ figure: '+0.0548', unit: '% per 4h' });
    expect(hitRate({ rate: null, intervalH: 4 }, '8h').figure).toBe('\u2013');
    expect(hitRate({ rate: 0.0001, intervalH: null }, 'interval')).toMatchObject({ figure: '\u2013', unit: '%/8h' });
  });
});

test('after an addition the next that is not in the list is picked', () => {
  expect(nextOpen([true, false, false], 0)).toBe(1);
  expect(nextOpen([false, true, true], 1)).toBe(0);
  expect(nextOpen([true, true], 1)).toBe(1);
});

test('signals on old values are counted, and said to be', () => {
  const active = { ...rowOf().signal, phase: 'active', side: 1 } as const;
  const rows = [rowOf({ signal: active, observedAt: 1 }), rowOf({ signal: active, observedAt: 9 })];
  const count = (isStale: (at: number) => boolean) => activeWords(activeSignals(rows, ({ observedAt }) => isStale(observedAt ?? 0)));
  expect(count(() => false)).toBe('2 active signals');
  expect(count((at) => at < 5)).toBe('2 active signals, 1 of them stale');
  expect(count(() => true)).toBe('2 active signals, all stale');
  expect(activeWords({ count: 1, stale: 0 })).toBe('1 active signal');
  expect(activeWords({ count: 1, stale: 1 })).toBe('1 active signal, stale');
});
