import { expect, test } from 'vitest';
import type { View } from '#bridge/workspace.ts';
import { createViews, LEASE_MS } from '#core/views.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const view = (selected: string | null, columns: View['columns'] = [], list = 'majors'): View => ({ selected, list, columns });
const premium = { metric: 'premium', params: {} };
const rank = { metric: 'basket-funding-rank', params: {} };

function open(speed = 1) {
  const clock = new FakeClock(0, speed);
  const changes: { selected: boolean; columns: boolean }[] = [];
  const views = createViews({
    clock,
    isOverList: ({ metric }) => metric.startsWith('basket'),
    onChange: (changed) => changes.push(changed),
  });
  return { clock, views, changes };
}

test('what any open window looks at is followed, and let go of when the last of them leaves', () => {
  const { views, changes } = open();
  views.follow('one', view('a:X'));
  views.follow('two', view('a:Y'));
  views.follow('three', view('a:Y'));
  expect([...views.selected].sort()).toEqual(['a:X', 'a:Y']);
  views.leave('three');
  expect(views.selected.has('a:Y')).toBe(true);
  views.leave('two');
  expect([...views.selected]).toEqual(['a:X']);
  views.follow('one', view('a:Z'));
  expect([...views.selected]).toEqual(['a:Z']);
  expect(changes).toEqual(Array(4).fill({ selected: true, columns: false }));
});

test('instruments of link colours are followed beside the selected one', () => {
  const { views } = open();
  views.follow('one', { ...view('a:X'), linked: ['a:Y', 'b:Z'] });
  views.follow('two', view('b:Z'));
  expect([...views.selected].sort()).toEqual(['a:X', 'a:Y', 'b:Z']);
  views.follow('one', view('a:X'));
  expect([...views.selected].sort()).toEqual(['a:X', 'b:Z']);
});

test('a column has one name in all windows, one over a basket one for each list; an order of its own in each', () => {
  const { views } = open();
  const [a, b] = views.follow('one', view(null, [premium, rank], 'majors'));
  expect(views.follow('two', view(null, [rank, premium], 'majors'))).toEqual([b, a]);
  const [c, d] = views.follow('three', view(null, [premium, rank], 'ai'));
  expect([c, d === b]).toEqual([a, false]);
  expect(views.columns).toEqual([
    { id: a, choice: premium, list: null },
    { id: b, choice: rank, list: 'majors' },
    { id: d, choice: rank, list: 'ai' },
  ]);
});

test('a column keeps its name while some window shows it, whatever the order of its parameters', () => {
  const { views, changes } = open();
  const [before] = views.follow('one', view(null, [{ metric: 'spike', params: { a: 1, b: 2 } }]));
  expect(views.follow('one', view('a:X', [{ metric: 'spike', params: { b: 2, a: 1 } }]))).toEqual([before]);
  expect(changes).toEqual([
    { selected: false, columns: true },
    { selected: true, columns: false },
  ]);
  expect(views.follow('one', view('a:X', [{ metric: 'spike', params: { a: 1, b: 3 } }]))).not.toEqual([before]);
});

test('a window that says nothing is taken as gone; one that speaks is not', async () => {
  const { clock, views } = open(60);
  views.follow('quiet', view('a:X'));
  views.follow('alive', view('a:Y'));
  await clock.advance(LEASE_MS * 60 - 1);
  views.follow('alive', view('a:Y'));
  await clock.advance(1);
  expect([...views.selected]).toEqual(['a:Y']);
  expect(clock.pending).toBe(1);
});

test('only so many windows are followed: the one that spoke longest ago gives way', () => {
  const { clock, views } = open();
  for (let i = 0; i < 40; i++) views.follow(`w${i}`, view(`a:${i}`));
  expect([views.selected.size, views.selected.has('a:0'), views.selected.has('a:39'), clock.pending]).toEqual([32, false, true, 32]);
});

test('the next run of the app names no column as this one did: a window that missed the restart shows none of another', () => {
  const names = [0, 1].map((at) => {
    const views = createViews({ clock: new FakeClock(at), isOverList: () => false, onChange: () => undefined });
    return views.follow('one', view(null, [at === 0 ? premium : rank]))[0];
  });
  expect(names[0]).not.toBe(names[1]);
});
