import { expect, test } from 'vitest';
import { createDueList } from '#core/collect/due.ts';

const HOUR = 3_600_000;
const T = 1000 * HOUR;
const none = new Set<string>();

test('a settlement is asked for from 4 s after its time, less and less often, until it arrives', () => {
  const dues = createDueList();
  dues.expect('v', 'v:A', T + 3, T - HOUR);
  expect(dues.isDue('v:A', T)).toBe(true);
  expect(dues.take('v', T + 3999, none)).toBeNull();
  expect(dues.take('other', T + 5000, none)).toBeNull();
  expect(dues.take('v', T + 4000, new Set(['v:A']))).toBeNull();
  const tries = [];
  for (let t = T; t < T + 600_000; t += 1000) if (dues.take('v', t, none)) tries.push((t - T) / 1000);
  expect(tries).toEqual([4, 12, 28, 60, 124, 252, 508]);
  dues.arrived('v:A', T);
  expect(dues.isDue('v:A', T)).toBe(false);
  expect(dues.take('v', T + HOUR, none)).toBeNull();
});

test('what is due stays due when the next one is announced; what a venue moves is moved', () => {
  const dues = createDueList();
  dues.expect('v', 'v:A', T, T - HOUR);
  dues.expect('v', 'v:A', T + HOUR, T + 1000);
  expect(dues.take('v', T + 5000, none)).toEqual({ id: 'v:A', key: T });
  expect(dues.isDue('v:A', T + HOUR)).toBe(true);
  dues.expect('v', 'v:A', T + 8 * HOUR, T + 2000);
  expect(dues.isDue('v:A', T)).toBe(true);
  expect(dues.isDue('v:A', T + HOUR)).toBe(false);
  expect(dues.isDue('v:A', T + 8 * HOUR)).toBe(true);
  dues.expect('v', 'v:A', T + 4 * HOUR, T + 3000);
  expect(dues.isDue('v:A', T + 8 * HOUR)).toBe(false);
  dues.forget('v:A');
  expect(dues.isDue('v:A', T)).toBe(false);
});

test('a settlement that never comes is given up after an hour; the past is never due', () => {
  const dues = createDueList();
  dues.expect('v', 'v:A', T, T - HOUR);
  expect(dues.take('v', T + HOUR + 1, none)).not.toBeNull();
  expect(dues.isDue('v:A', T)).toBe(false);
  dues.expect('v', 'v:A', T, T + HOUR);
  expect(dues.isDue('v:A', T)).toBe(false);
});
