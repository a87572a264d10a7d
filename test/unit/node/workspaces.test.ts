import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { columnsOfList, defaultWorkspace, type Workspace } from '#bridge/workspace.ts';
import type { Fields } from '#node/settings-fields.ts';
import { type FileWorkspaces, MOST_KEPT, openWorkspaces } from '#node/workspaces.ts';

const shown: Workspace = {
  list: 'ai',
  selected: 'binance:TAOUSDT',
  range: '90d',
  columns: [{ metric: 'premium', params: {} }],
  listColumns: { ai: [{ metric: 'spread', params: {} }] },
  sort: { key: 'd', descending: true },
  thenBy: [],
  groupBy: null,
  pane: { metric: 'funding-rank', params: { w: 90 } },
  look: { ...defaultWorkspace.look, others: ['okx:TAOUSDT'], hidden: ['flip'] },
  matrix: { ...defaultWorkspace.matrix, cells: 'skew', least: { of: 'openInterest', usd: 5_000_000 } },
  panels: ['alerts'],
  pages: { calculators: 'carry' },
  layout: null,
  layouts: [],
  layoutId: null,
  links: { a: 'bybit:TAOUSDT' },
  windows: [],
};
const bounds = { x: 1, y: 2, width: 800, height: 600, maximized: true };

let dir = '';
const opened: FileWorkspaces[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-workspaces-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.allSettled(opened.splice(0).map((store) => store.flush()));
  rmSync(dir, { recursive: true, force: true });
});
function open(inherited: Fields = {}): FileWorkspaces {
  const store = openWorkspaces({ dataDir: dir, inherited, log: { write: () => undefined } });
  opened.push(store);
  return store;
}
const file = () => join(dir, 'workspaces.json');
const names = () => readdirSync(dir).sort();

test('each window finds what it showed, also in the next run', async () => {
  const store = open();
  expect([store.get('a'), store.notices]).toEqual([defaultWorkspace, []]);
  store.keep('a', shown);
  store.keep('b', { ...shown, selected: 'bybit:BTCUSDT' });
  await store.flush();
  const next = open();
  expect([next.get('a'), next.get('b').selected]).toEqual([shown, 'bybit:BTCUSDT']);
  expect(names()).toEqual(['workspaces.json']);
});

test('a new window starts as a copy of the one used last, and keeps it', async () => {
  const store = open();
  store.keep('a', shown);
  store.keep('b', { ...shown, range: '1d' });
  expect(store.get('c').range).toBe('1d');
  store.keep('a', { ...shown, range: '1y' });
  await store.flush();
  const next = open();
  expect([next.get('c').range, next.get('d').range]).toEqual(['1d', '1d']);
  next.get('a');
  expect(next.get('e').range).toBe('1y');
});

test('only so many windows are kept: the one used longest ago goes', async () => {
  const store = open();
  for (let i = 0; i < MOST_KEPT; i++) store.keep(`w${i}`, { ...shown, list: `l${i}` });
  store.get('w0');
  store.keep('one-more', shown);
  await store.flush();
  const text = readFileSync(file(), 'utf8');
  expect([text.includes('"w0"'), text.includes('"w1"'), text.includes('"one-more"')]).toEqual([true, false, true]);
});

test('tabs push no window of the desktop out, nor its place on the screen', async () => {
  const store = open();
  store.keep('main', shown);
  store.keepBounds('main', bounds);
  for (let i = 0; i <= MOST_KEPT; i++) store.keep(`tab-${i}`, { ...shown, range: '1d' });
  await store.flush();
  const next = open();
  expect([next.get('main'), next.bounds('main')]).toEqual([shown, bounds]);
  const text = readFileSync(file(), 'utf8');
  expect([text.includes('"tab-0"'), text.includes('"tab-1"')]).toEqual([false, true]);
});

test('a window that was kept before lists had columns of their own shows its columns in all of them', async () => {
  const before: Record<string, unknown> = { ...shown };
  delete before['listColumns'];
  writeFileSync(file(), JSON.stringify({ version: 1, windows: [{ id: 'a', workspace: before }] }));
  const store = open();
  expect([store.get('a'), store.notices]).toEqual([{ ...shown, listColumns: {} }, []]);
  for (const list of ['ai', 'majors', null]) expect(columnsOfList(store.get('a'), list)).toEqual(shown.columns);
  store.keep('a', shown);
  await store.flush();
  const kept = open().get('a');
  expect(columnsOfList(kept, 'ai')).toEqual([{ metric: 'spread', params: {} }]);
  expect(columnsOfList(kept, 'majors')).toEqual(shown.columns);
});

test('what an older version kept among its settings becomes the first window, its place on the screen included', async () => {
  const { list: activeList, selected, range, columns, pane } = shown;
  const store = open({ activeList, selected, range, columns, pane, window: bounds });
  const expected = { ...defaultWorkspace, list: 'ai', selected, range, columns, pane };
  expect([store.get('main'), store.bounds('main'), store.get('tab-1'), store.notices]).toEqual([expected, bounds, expected, []]);
  await store.flush();
  expect(open({ activeList: 'other' }).get('main')).toEqual(expected);
});

test('a bad field costs itself and is told; the file as it was is kept', async () => {
  writeFileSync(
    file(),
    JSON.stringify({
      version: 1,
      windows: [
        { id: 'a', workspace: { ...shown, range: 'eternity', columns: [7, ...shown.columns] }, bounds },
        { id: 'A b', workspace: shown },
      ],
    }),
  );
  const store = open();
  expect([store.get('a'), store.bounds('a')]).toEqual([{ ...shown, range: '7d' }, bounds]);
  expect(store.notices).toHaveLength(1);
  expect(store.notices[0]).toMatch(/workspaces\.json holds what cannot be used: .*"range".* is kept as workspaces\.rejected-/u);
  await store.flush();
  expect(names().filter((name) => name.startsWith('workspaces.rejected-'))).toHaveLength(1);
});

test.each([
  ['half of a file', '{"version":1,"win', /is damaged/u],
  ['nothing', '', /is damaged/u],
  ['another thing', '[1]', /is damaged/u],
])('%s is set aside, told, and windows start anew', async (_, text, sentence) => {
  writeFileSync(file(), text);
  const store = open();
  expect([store.get('a'), store.notices]).toEqual([defaultWorkspace, [expect.stringMatching(sentence)]]);
  await store.flush();
  const [aside = ''] = names().filter((name) => name.startsWith('workspaces.corrupt-'));
  expect(readFileSync(join(dir, aside), 'utf8')).toBe(text);
  expect(open().notices).toEqual([]);
});

test('what cannot be read at all is set aside too, and nothing is written over it', async () => {
  mkdirSync(join(file(), 'inner'), { recursive: true });
  const store = open();
  expect([store.get('a'), store.notices]).toEqual([
    defaultWorkspace,
    [expect.stringMatching(/cannot be read .* is kept as workspaces\.unreadable-/u)],
  ]);
  await store.flush();
  const [aside = ''] = names().filter((name) => name.startsWith('workspaces.unreadable-'));
  expect(readdirSync(join(dir, aside))).toEqual(['inner']);
  expect(open().notices).toEqual([]);
});

test('of a newer version what is understood is used, and the file is kept beside', async () => {
  const text = JSON.stringify({ version: 2, windows: [{ id: 'a', workspace: { ...shown, later: true } }] });
  writeFileSync(file(), text);
  const store = open();
  expect([store.get('a'), store.notices]).toEqual([shown, [expect.stringMatching(/newer Perpscope.*workspaces\.newer-2-/u)]]);
  await store.flush();
  expect(names().some((name) => name.startsWith('workspaces.newer-2-'))).toBe(true);
});

test('a disk that refuses is told, and what was kept is written once it takes it', async () => {
  mkdirSync(`${file()}.new`);
  const store = open();
  store.keep('a', shown);
  await expect(store.flush()).rejects.toThrow(/cannot be written/u);
  expect(store.notices).toEqual([expect.stringMatching(/kept in memory and tried again/u)]);
  rmSync(`${file()}.new`, { recursive: true });
  await store.flush();
  expect([store.notices, open().get('a')]).toEqual([[], shown]);
});

test('writes are put off half a second, however many changes come', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const store = open();
  for (let i = 0; i < 50; i++) store.keep('a', { ...shown, selected: `binance:${i}` });
  expect(names()).toEqual([]);
  vi.advanceTimersByTime(500);
  expect(readFileSync(file(), 'utf8')).toContain('binance:49');
});

test('place and size of a window are kept beside what it shows', async () => {
  const store = open();
  store.keepBounds('main', bounds);
  store.keep('main', shown);
  await store.flush();
  expect([open().bounds('main'), open().get('main'), open().bounds('other')]).toEqual([bounds, shown, null]);
});
