import { createNotifier } from '#main/notifier.ts';
import { Notification } from '#test/support/electron-stand-in/records.ts';
import { beforeEach, expect, test, vi } from 'vitest';

vi.mock('electron', () => import('#test/support/electron-stand-in/records.ts'));

const entry = (n: number) => ({ title: `TAO ${n}`, body: 'D +0.061 %/h, 3 hours', instrument: `binance:TAO${n}` });

beforeEach(() => {
  Notification.shown.length = 0;
});

test('shows an entry and gives its instrument to the listener on a click', () => {
  const notifier = createNotifier();
  const clicked: string[] = [];
  notifier.listen({ clicked: (instrument) => clicked.push(instrument), acted: () => undefined });
  notifier.notify(entry(1));
  notifier.notify(entry(2));
  expect(Notification.shown.map(({ title, body }) => ({ title, body }))).toEqual([
    { title: 'TAO 1', body: 'D +0.061 %/h, 3 hours' },
    { title: 'TAO 2', body: 'D +0.061 %/h, 3 hours' },
  ]);
  Notification.shown[1]?.emit('click');
  expect(clicked).toEqual(['binance:TAO2']);
});

test('an alert has two buttons, which give what is wanted and its entry; what tells several has none', () => {
  const notifier = createNotifier();
  const acted: unknown[] = [];
  notifier.listen({ clicked: () => undefined, acted: (...what) => acted.push(what) });
  const alert = { rule: 'r1', instrument: 'binance:TAO1', at: 1_700_000_000_000 };
  notifier.notify({ ...entry(1), alert });
  notifier.notify(entry(2));
  expect(Notification.shown.map(({ actions }) => actions.map(({ text }) => text))).toEqual([['Acknowledge', 'Snooze 1 h'], []]);
  Notification.shown[0]?.emit('action', { actionIndex: 0 });
  Notification.shown[0]?.emit('action', { actionIndex: 1 });
  Notification.shown[0]?.emit('action', { actionIndex: 2 });
  Notification.shown[1]?.emit('action', { actionIndex: 0 });
  expect(acted).toEqual([
    ['acknowledge', alert],
    ['snooze', alert],
  ]);
});

test('a click before anybody listens is no fault', () => {
  createNotifier().notify(entry(1));
  expect(() => Notification.shown[0]?.emit('click')).not.toThrow();
});

test('a system that refuses one is told on stderr, and the next is shown', () => {
  const notifier = createNotifier();
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  notifier.notify(entry(1));
  Notification.shown[0]?.emit('failed', {}, 'no service');
  expect(written).toHaveBeenCalledWith(expect.stringContaining('no service'));
  written.mockRestore();
  notifier.notify(entry(2));
  expect(Notification.shown).toHaveLength(2);
});
