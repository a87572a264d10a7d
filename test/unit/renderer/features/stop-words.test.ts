import { expect, test } from 'vitest';
import type { Scenario } from '#bridge/scenario.ts';
import { stopWords } from '#renderer/features/calculators/stop-words.ts';

const scenario = (stop: string): Scenario => ({ kind: 'size', input: { stop } }) as Scenario; // what else it holds is not read

test('a position says its stop, how far that is, and what it stands at in R', () => {
  const long = { side: 'long', entry: '100', mark: 104 } as const;
  expect(stopWords(long, scenario('95'))).toEqual({ stop: '95.0000', stands: '8.65 % away, +0.80 R' });
  expect(stopWords({ side: 'short', entry: '100', mark: 104 }, scenario('105'))).toEqual({
    stop: '105.000',
    stands: '0.96 % away, \u22120.80 R',
  });
  expect(stopWords({ ...long, mark: 94 }, scenario('95'))?.stands).toBe('the mark is beyond the stop');
  // The fill was worse than the stop: nothing was risked that R could count in.
  expect(stopWords({ ...long, entry: '90' }, scenario('95'))?.stands).toBe('8.65 % away');
  expect(stopWords({ ...long, mark: null }, scenario('95'))?.stands).toBe('\u2013');
  expect(stopWords(long, scenario(''))).toBeNull();
  expect(stopWords(long, undefined)).toBeNull();
});
