import { keepCrashDumps, memoryOfAll } from '#main/crashes.ts';
import { expect, test, vi } from 'vitest';

const electron = vi.hoisted(() => ({
  crashReporter: { start: vi.fn() },
  app: { getAppMetrics: () => [{ memory: { workingSetSize: 100_000 } }, { memory: { workingSetSize: 50_000 } }] },
}));
vi.mock('electron', () => electron);

test('dumps of what crashed stay on this machine', () => {
  keepCrashDumps();
  expect(electron.crashReporter.start.mock.calls).toEqual([[{ uploadToServer: false }]]);
});

test('the memory of the app is that of all its processes', () => {
  expect(memoryOfAll()).toBe(150_000 * 1024);
});
