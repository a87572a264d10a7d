import { afterEach, expect, test, vi } from 'vitest';
import { surviveFaults } from '#node/faults.ts';

/** The process as what it also is: its own type has an overload per event, and none for two of them. */
const emitter: NodeJS.EventEmitter = process;
/** What vitest itself listens with: the faults of this test are not its. */
const others = ['uncaughtException', 'unhandledRejection'].map((name) => [name, emitter.listeners(name)] as const);
afterEach(() => {
  vi.useRealTimers();
  for (const [name, listeners] of others) {
    emitter.removeAllListeners(name);
    for (const listener of listeners) emitter.on(name, listener as (...args: unknown[]) => void);
  }
});

test('faults are logged and survived, up to five a minute', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  for (const [name] of others) emitter.removeAllListeners(name);
  const lines: string[] = [];
  let ended = 0;
  const stop = surviveFaults(
    { write: (level, _area, message, detail) => lines.push(`${level} ${message} ${String(detail?.['error'])}`) },
    () => (ended += 1),
  );
  const fault = () => emitter.emit('uncaughtException', new Error('oops'));
  for (let n = 0; n < 5; n += 1) fault();
  expect([ended, lines.length]).toEqual([0, 5]);
  expect(lines[0]).toBe('error uncaught exception Error: oops');
  vi.advanceTimersByTime(60_001);
  process.emit('unhandledRejection', new Error('no handler'), Promise.resolve());
  expect([ended, lines.at(-1)]).toEqual([0, 'error unhandled rejection Error: no handler']);
  for (let n = 0; n < 5; n += 1) fault();
  expect(ended).toBe(1);
  stop();
  expect(process.listenerCount('uncaughtException')).toBe(0);
});
