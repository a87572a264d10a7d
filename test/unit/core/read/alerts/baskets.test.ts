import { expect, test } from 'vitest';
import { settings } from '#bridge/settings.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { nameBaskets } from '#core/read/alerts/rule-settings.ts';

const rule = (metric: string, id: string) => ({
  id,
  name: id,
  on: { instrument: 'alpha:BTCUSDT' },
  conditions: [{ choice: { metric, params: {} }, op: 'above', level: 1 }],
  k: 1,
  enabled: true,
  since: 0,
});

test('a rule of before that compares within a list is told which: the first that holds its instrument, as until now', () => {
  const [majors, ai, ...others] = defaultSettings([]).lists;
  const lists = [majors, { ...ai, items: ['alpha:BTCUSDT'] }, ...others.map((list) => ({ ...list, items: ['alpha:BTCUSDT'] }))];
  const before = settings.parse({ ...defaultSettings([]), lists, alerts: [rule('basket-divergence', 'r1'), rule('funding', 'r2')] });
  const after = nameBaskets(before);
  expect(after.alerts.map(({ on }) => on)).toEqual([
    { instrument: 'alpha:BTCUSDT', among: ai?.id },
    { instrument: 'alpha:BTCUSDT', among: null },
  ]);
  expect(nameBaskets(after)).toBe(after);
});
