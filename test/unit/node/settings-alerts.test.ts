import { workspaceFields } from '#bridge/workspace.ts';
import { expect, test } from 'vitest';
import { defaultSettings } from '#core/default-settings.ts';
import { personFields, preferenceFields } from '#bridge/settings.ts';
import { checkEach } from '#node/settings-fields.ts';

const rule = {
  id: 'a1',
  name: 'Crowd',
  on: { instrument: 'binance:BTCUSDT' },
  conditions: [{ choice: { metric: 'ema-divergence', params: { n: 24 } }, op: 'outside', level: 0.0005 }],
  k: 3,
  enabled: true,
  since: 1,
};

test.each([
  ['no condition', { conditions: [] }],
  ['a level of both sides at 0', { conditions: [{ ...rule.conditions[0], level: 0 }] }],
  ['one broken condition of two', { conditions: [rule.conditions[0], { ...rule.conditions[0], level: 'much' }] }],
  ['a comparison of tomorrow', { conditions: [{ ...rule.conditions[0], op: 'near' }] }],
  ['neither an instrument nor a list', { on: {} }],
  ['no name', { name: ' ' }],
  ['half a period', { k: 0.5 }],
])('an alert with %s costs itself, and is told', (_, change) => {
  const { values, faults } = checkEach(personFields, { alerts: [rule, { ...rule, id: 'a2', ...change }] }, defaultSettings([]), 'setting');
  expect(values.alerts).toEqual([{ ...rule, on: { ...rule.on, among: null } }]);
  expect(faults).toEqual([expect.stringContaining('"alerts" had entries that cannot be used')]);
});

test('a fault of a setting is said in words, never as the pattern it is held against', () => {
  const { faults } = checkEach(
    { selected: workspaceFields.selected, ...preferenceFields },
    { selected: 'nonsense', calculators: { ...defaultSettings([]).calculators, equity: '10k' } },
    { ...defaultSettings([]), selected: null },
    'setting',
  );
  expect(faults).toEqual([
    'The setting "selected" cannot be used (it must be a venue and its symbol, such as binance:BTCUSDT); it is back at its default.',
    'The setting "calculators" had entries that cannot be used (at equity: it must be a plain number, such as 0.05); they were left out.',
  ]);
});
