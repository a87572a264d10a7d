import { expect, test } from 'vitest';
import { type CallName, calls } from '#bridge/contract.ts';
import { askedThen, ENDS_THEN, OF_NOW, TAKES_MOMENT } from '#renderer/state/then-calls.ts';

/** Shown as it is now wherever the window stands, and marked so where it is part of a panel (`ofNow` of the panel). */
const AS_EVER: readonly CallName[] = [
  ...([
    'app.info',
    'app.diagnostics',
    'updates.look',
    'updates.prepare',
    'settings.get',
    'settings.change',
    'workspace.get',
    'workspace.keep',
    'view.follow',
    'view.leave',
    'view.active',
  ] as const),
  'past.look',
  ...(['instruments.search', 'instruments.find'] as const),
  ...(['scenarios.list', 'scenarios.save', 'scenarios.delete', 'positions.list'] as const),
  ...(['notes.list', 'notes.save', 'notes.delete', 'notes.after'] as const),
  ...(['alerts.states', 'alerts.acknowledge', 'alerts.snooze'] as const),
  ...(['webhook.state', 'webhook.save', 'webhook.test'] as const),
  ...(['evidence.study', 'evidence.deciles', 'evidence.cancel', 'evidence.saved', 'evidence.save', 'evidence.forget'] as const),
  ...(['history.status', 'history.excess', 'history.limit'] as const),
  ...(['storage.survey', 'storage.backups', 'storage.save', 'storage.restore', 'storage.choose', 'storage.take', 'storage.keep'] as const),
  ...(['import.begin', 'import.append', 'import.look', 'import.run', 'import.cancel', 'import.drop'] as const),
  ...(['query.run', 'query.stop', 'query.schema'] as const),
  ...(['coverage.calendar', 'coverage.fill', 'coverage.stop'] as const),
  ...(['setup.out', 'setup.handed', 'setup.look', 'out.table', 'out.picture', 'out.study'] as const),
  ...(['venues.list', 'venues.health', 'venues.change', 'venues.proxy', 'venues.test', 'venues.retry', 'venues.delist'] as const),
];

test('every call is of then, refused from the past, or known to be of now', () => {
  const known = [...TAKES_MOMENT, ...OF_NOW, ...ENDS_THEN, ...AS_EVER];
  expect(known.toSorted()).toEqual(Object.keys(calls).toSorted());
});

test('what is asked at a moment is asked of it', () => {
  const history = { instrument: 'a:X', from: null };
  expect(askedThen('history.divergence', history, 5)).toEqual({ ...history, asOf: 5 });
  expect(askedThen('history.divergence', history, { venueTime: 5 })).toEqual({ ...history, asOf: { venueTime: 5 } });
  const rule = { conditions: [], k: 1, on: { instrument: 'a:X', among: null }, from: null, to: null };
  const count = { job: 'j', question: rule };
  expect(askedThen('evidence.count', count, 5)).toEqual({ ...count, question: { ...rule, to: 5, asOf: 5 } });
  expect(askedThen('evidence.count', count, { venueTime: 5 })).toEqual({ ...count, question: { ...rule, to: 5, asOf: null } });
  expect(askedThen('evidence.count', { ...count, question: { ...rule, to: 3 } }, 5)?.question.to).toBe(3);
  const sections = { list: 'all', sections: [] };
  expect(askedThen('watchlist.divide', sections, 5)).toBeNull();
});
