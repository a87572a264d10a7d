import { EventEmitter } from 'node:events';
import { recoverApp, recoverPage } from '#main/recovery.ts';
import type { Log } from '#core/ports/log.ts';
import type { BrowserWindow } from 'electron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const electron = await vi.hoisted(async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  return {
    app: Object.assign(new Emitter(), { isPackaged: false }),
    dialog: { showMessageBox: vi.fn<(...args: unknown[]) => Promise<{ response: number }>>() },
    BrowserWindow: Emitter,
    screen: {},
    ipcMain: {},
  };
});
vi.mock('electron', () => electron);

class Page extends EventEmitter {
  readonly forcefullyCrashRenderer = vi.fn();
}
class Window extends EventEmitter {
  readonly webContents = new Page();
  readonly loaded: string[] = [];
  isDestroyed = (): boolean => false;
  loadURL = (url: string): Promise<void> => {
    this.loaded.push(url);
    return Promise.resolve();
  };
}

const said: string[] = [];
const told: string[] = [];
const tell = (sentence: string): void => void told.push(sentence);
const log: Log = { write: (_level, _area, text) => void said.push(text) };
let window: Window;
let now = 0;
beforeEach(() => {
  electron.app.removeAllListeners();
  electron.dialog.showMessageBox.mockReset();
  said.length = 0;
  told.length = 0;
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  window = new Window();
  // Of Electron's window the recovery takes hold of these alone.
  recoverPage(window as unknown as BrowserWindow, log, tell);
});
afterEach(() => vi.restoreAllMocks());

const die = (reason: string): void => void window.webContents.emit('render-process-gone', {}, { reason, exitCode: 1 });

test('a page that dies is loaded again, three times in ten minutes; then a page that says so stands there', () => {
  for (const reason of ['crashed', 'oom', 'killed', 'crashed']) die(reason);
  expect(window.loaded).toEqual(['app://bundle/', 'app://bundle/', 'app://bundle/', 'app://bundle/stopped.html']);
  expect(told).toEqual([
    'The screen stopped (crashed) and was loaded again as it was. Collecting went on.',
    'The screen stopped (oom) and was loaded again as it was. Collecting went on.',
    'The screen stopped (killed) and was loaded again as it was. Collecting went on.',
  ]);
  now = 600_001;
  die('crashed');
  expect(window.loaded.at(-1)).toBe('app://bundle/');
});

test('a page that ends in order is not loaded again', () => {
  die('clean-exit');
  expect(window.loaded).toEqual([]);
});

test('a page that hangs is told once, and made an end of only where the person says so', async () => {
  let answer: (response: number) => void = () => undefined;
  electron.dialog.showMessageBox.mockImplementation(() => new Promise((done) => (answer = (response) => done({ response }))));
  window.emit('unresponsive');
  window.emit('unresponsive');
  expect(electron.dialog.showMessageBox).toHaveBeenCalledTimes(1);
  expect(electron.dialog.showMessageBox.mock.calls[0]).toMatchObject([window, { buttons: ['Wait', 'Load again'], cancelId: 0 }]);
  answer(0);
  await vi.waitUntil(() => electron.dialog.showMessageBox.mock.settledResults[0]?.type === 'fulfilled');
  expect(window.webContents.forcefullyCrashRenderer).not.toHaveBeenCalled();

  // The question that was answered may be asked again.
  await vi.waitUntil(() => (window.emit('unresponsive'), electron.dialog.showMessageBox.mock.calls.length === 2));
  answer(1);
  await vi.waitUntil(() => window.webContents.forcefullyCrashRenderer.mock.calls.length === 1);
});

test('a graphics process that is lost is in the log and told; where it does not stay, what helps', () => {
  recoverApp(log, tell);
  const lose = (type: string, reason = 'crashed'): void => void electron.app.emit('child-process-gone', {}, { type, reason });
  lose('Utility');
  lose('GPU', 'clean-exit');
  expect([said, told]).toEqual([['a child process died'], []]);
  for (let n = 0; n < 4; n += 1) lose('GPU');
  expect(told.slice(0, 3).every((sentence) => sentence.includes('was started again'))).toBe(true);
  expect(told[3]).toContain('--disable-gpu');
});
