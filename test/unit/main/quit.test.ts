import { flushBeforeQuit } from '#main/quit.ts';
import { app } from '#test/support/electron-stand-in/app.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

vi.mock('electron', async () => ({
  app: (await import('#test/support/electron-stand-in/app.ts')).app,
  BrowserWindow: { getAllWindows: () => [] },
}));

const log = { write: () => undefined };
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect'];
const before = new Map(signals.map((name) => [name, process.listeners(name as NodeJS.Signals)]));
const codes: (number | undefined)[] = [];
const said: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(app, 'exit').mockImplementation((code) => void codes.push(code));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  app.removeAllListeners();
  for (const name of signals) {
    for (const listener of process.listeners(name as NodeJS.Signals)) {
      if (!before.get(name)?.includes(listener)) process.off(name, listener);
    }
  }
  codes.length = 0;
  said.length = 0;
});

test('everything is closed before the end, once, however often it is asked', async () => {
  let closes = 0;
  let closed = (): void => undefined;
  flushBeforeQuit(() => ((closes += 1), new Promise((done) => (closed = done))), log);
  app.quit();
  app.quit();
  await vi.advanceTimersByTimeAsync(1000);
  expect([closes, codes]).toEqual([1, []]);
  closed();
  await vi.advanceTimersByTimeAsync(0);
  expect(codes).toEqual([0]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(codes).toEqual([0]);
});

test('a close that hangs is cut off, with words and a code', async () => {
  flushBeforeQuit(() => new Promise(() => undefined), log);
  app.quit();
  await vi.advanceTimersByTimeAsync(7_000);
  expect(codes).toEqual([]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(codes).toEqual([1]);
  expect(said.join('')).toContain('took too long');
});

test('a close that fails ends with a code', async () => {
  flushBeforeQuit(() => Promise.reject(new Error('the disk is gone')), log);
  app.quit();
  await vi.advanceTimersByTimeAsync(0);
  expect(codes).toEqual([1]);
  expect(said.join('')).toContain('the disk is gone');
});
