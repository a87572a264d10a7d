import { expect, test } from 'vitest';
import { awayText, createAway } from '#core/away.ts';
import type { Notification } from '#core/ports/notifier.ts';
import { FakeClock } from '#test/support/fake-clock.ts';

const T0 = Date.UTC(2026, 5, 10, 12);
const HOUR = 3_600_000;
const text = (name: string): Notification => ({
  title: `${name}/USDT on Alpha: Crowd`,
  body: 'D 0.5 %/8h',
  instrument: `alpha:${name}USDT`,
});

test('many that were missed are one notification, the newest first; one alone keeps its words', () => {
  const missed = ['A', 'B', 'C', 'D', 'E'].map((name, i) => ({ text: text(name), at: T0 - (i + 1) * HOUR }));
  expect(awayText(missed, T0)).toEqual({
    title: 'While you were away: 5 alerts',
    body: 'A/USDT on Alpha: Crowd; B/USDT on Alpha: Crowd; C/USDT on Alpha: Crowd; and 2 more. The newest 60 min ago.',
    instrument: 'alpha:AUSDT',
    severity: 'warning',
  });
  expect(awayText(missed.slice(3, 4), T0)).toEqual({
    title: 'While you were away: D/USDT on Alpha: Crowd',
    body: 'D 0.5 %/8h; 4 h ago',
    instrument: 'alpha:DUSDT',
    severity: 'warning',
  });
});

test('it is as severe as the worst of them', () => {
  const of = (severity: 'info' | 'critical') => ({ text: { ...text('A'), severity }, at: T0 });
  expect([awayText([of('info'), of('critical')], T0).severity, awayText([of('info')], T0).severity]).toEqual(['critical', 'info']);
});

test('after a sleep only what entered in it belongs to it, and is told once nothing more is found', async () => {
  const clock = new FakeClock(T0, 1);
  const told: [title: string, names: readonly string[]][] = [];
  const away = createAway(clock, ({ title }, names) => told.push([title, names]));
  expect(away.holds(T0 - HOUR)).toBe(false);
  away.over(T0 - 8 * HOUR);
  expect([T0 - 8 * HOUR, T0 - 8 * HOUR + 1, T0, T0 + 1].map((at) => away.holds(at))).toEqual([false, true, true, false]);
  away.add({ name: 'a', text: text('A'), at: T0 - 2 * HOUR });
  await clock.advance(9_000);
  away.add({ name: 'b', text: text('B'), at: T0 - HOUR });
  await clock.advance(9_000);
  expect(told).toEqual([]);
  await clock.advance(1_000);
  expect(told).toEqual([['While you were away: 2 alerts', ['b', 'a']]]);
  // What is found long after it is history.
  await clock.advance(180_000);
  expect(away.holds(T0 - HOUR)).toBe(false);
});
