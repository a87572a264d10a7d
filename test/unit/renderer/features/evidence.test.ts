import { expect, test } from 'vitest';
import { studyQuestion } from '#bridge/evidence.ts';
import type { AlertRule } from '#bridge/settings.ts';
import { draftOf, newDraft, readDraft, type StudyDraft, withRule } from '../../../../src/renderer/features/evidence/draft.ts';

const BTC = 'binance:BTCUSDT';
const fresh = newDraft('majors', 'binance');
const read = (change: Partial<StudyDraft>) => readDraft({ ...fresh, ...change }, BTC, '8h');

test('as it opens: the signal beyond the 95th percentile of its past, 24 h against the crowd, delays side by side', () => {
  const { question } = read({});
  expect(question).toMatchObject({
    conditions: [{ choice: { metric: 'ema-divergence' }, op: 'outside', level: { percentile: 95, days: 90 }, release: 0.8 }],
    on: { instrument: BTC, among: null },
    exit: { on: 'horizon', hours: 24 },
    delaysH: [0, 1, 8],
    search: [],
  });
  expect(studyQuestion.safeParse(question).success).toBe(true);
});

test('levels are in the unit of the screen; several are a search', () => {
  const { question } = read({
    conditions: [{ choice: { metric: 'ema-divergence', params: {} }, op: 'outside', level: '0.08, 0.16, p99' }],
  });
  // 0.08 % per 8 h is 0.01 % an hour.
  expect(question?.conditions[0]?.level).toBeCloseTo(0.0001, 12);
  expect(question?.search).toEqual([0.0002, { percentile: 99, days: 90 }]);
});

test('what is typed again from a question asks the same', () => {
  const { question } = read({
    conditions: [
      { choice: { metric: 'funding-z', params: { w: 90 } }, op: 'above', level: 'p97.5, 2' },
      { choice: { metric: 'funding', params: {} }, op: 'below', level: '-0.01' },
    ],
    ...{ scope: 'venue', from: '2025-01-01', to: '2025-06-01T08:00', exit: 'settlement', delays: '8', side: 'with', events: 'every' },
    ...{ cost: '2.5', funding: 'none', release: '0.5', days: '30', size: 'compounded', capital: '500', exposure: '2.7', seed: '9', k: '3' },
  });
  expect(question).toMatchObject({ on: { venue: 'binance' }, from: Date.UTC(2025, 0, 1), to: Date.UTC(2025, 5, 1, 8), k: 3 });
  if (question === null) throw new Error('it was not read');
  const again = readDraft(draftOf(question, fresh, '8h'), BTC, '8h');
  expect(again.question).toEqual(question);
});

test('the rule of an alert takes its place, with its instruments', () => {
  const rule: AlertRule = {
    ...{ id: 'r', name: 'Crowd', on: { list: 'ai' }, k: 2, enabled: true, since: 0 },
    conditions: [{ choice: { metric: 'ema-divergence', params: { n: 24 } }, op: 'outside', level: 0.0005 }],
  };
  const { question } = readDraft(withRule(fresh, rule, '8h'), BTC, '8h');
  expect(question).toMatchObject({ on: { list: 'ai' }, k: 2, conditions: [{ choice: { params: { n: 24 } }, level: 0.0005 }] });
});

test.each([
  [{ k: '0' }, 'k', 'whole number from 1 to 240'],
  [{ delays: '1, soon' }, 'delays', 'such as 0, 1, 8'],
  [{ delays: '1,2,3,4,5' }, 'delays', 'Four delays'],
  [{ from: 'yesterday' }, 'from', 'is not a time'],
  [{ from: '2025-02-01', to: '2025-01-01' }, 'to', 'must lie after'],
  [{ release: '1.5' }, 'release', 'share of the level'],
  [{ conditions: [{ choice: { metric: 'ema-divergence', params: {} }, op: 'outside', level: 'p0' }] }, 'level 0', 'such as p95'],
  [{ conditions: [{ choice: { metric: 'of-tomorrow', params: {} }, op: 'above', level: '1' }] }, 'level 0', 'no such metric'],
] as const)('%j says what to do', (change, field, words) => {
  const { question, problems } = read(change);
  expect(question).toBeNull();
  expect(problems?.get(field)).toContain(words);
});

test('without a row that is selected there is nothing to look back on', () => {
  expect(readDraft(fresh, null, '8h').problems?.get('scope')).toContain('Select a row');
});
