import { afterEach, expect, test, vi } from 'vitest';
import { surviveFaults } from '#node/faults.ts';

/** What vitest itself listens with: the faults of this test are not its. */
const others = (['uncaughtException', 'unhandledRejection'] as const).map((name) => [name, process.listeners(name)] as const);
afterEach(() => {
  vi.useRealTimers();
  for (const [name, listeners] of others) {
    process.removeAllListeners(name);
    for (const listener of listeners) process.on(name, listener as (...args: unknown[]) => void);
  }
});

test('faults are logged and survived, up to five a minute', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  for (const [name] of others) process.removeAllListeners(name);
  const lines: string[] = [];
  let ended = 0;
  const stop = surviveFaults(
    { write: (level, _area, message, detail) => lines.push(`${level} ${message} ${String(detail?.['error'])}`) },
    () => (ended += 1),
  );
  const fault = () => process.emit('uncaughtException', new Error('oops'), 'uncaughtException');
  for (let n = 0; n < 5; n += 1) fault();
  expect([ended, lines.length]).toEqual([0, 5]);
  expect(lines[0]).toBe('error uncaught exception Error: oops');
  vi.advanceTimersByTime(60_001);
  process.emit('unhandledRejection', new Error('nobody'), Promise.resolve());
  expect([ended, lines.at(-1)]).toEqual([0, 'error unhandled rejection Error: nobody']);
  for (let n = 0; n < 5; n += 1) fault();
  expect(ended).toBe(1);
  stop();
  expect(process.listenerCount('uncaughtException')).toBe(0);
});
