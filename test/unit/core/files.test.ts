import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { World } from '#test/support/world.ts';

const MINUTE = 60_000;
const BTC = 'alpha:BTCUSDT';
const all = [0, Number.MAX_SAFE_INTEGER] as const;
const windows = process.platform === 'win32';

let world: World;
let holder: ChildProcess | null = null;
afterEach(async () => {
  holder?.kill('SIGKILL');
  holder = null;
  await world.stop();
  world.dispose();
});

const file = () => join(world.dir, 'history.sqlite');
/** Of the history: the person's file has tests of its own. */
const ofHistory = (notices: readonly string[]): string[] => notices.filter((text) => !text.includes('person.sqlite'));
const notices = async () => ofHistory((await world.call('history.status', {})).notices);
const pushed = () => {
  const told = world.events.findLast(({ name }) => name === 'app.notice')?.payload as { notices: string[] } | undefined;
  return told && ofHistory(told.notices);
};

async function open(): Promise<void> {
  world = new World();
  world.market().oldestAt = world.clock.now() - 30 * 24 * 60 * MINUTE;
  world.market().list('BTCUSDT', { asset: 'BTC' });
  await world.start();
  await world.clock.advance(10 * MINUTE);
}

/** Everything of before and after the mishap is there at the next start. */
async function expectAllKept(before: { snapshots: number; settled: number }, until: number): Promise<void> {
  await world.stop();
  await world.start();
  const { observedAt } = await world.store.snapshots(BTC, ...all);
  expect(observedAt.length).toBeGreaterThanOrEqual(before.snapshots + 15);
  expect(observedAt.at(-1)).toBeGreaterThan(until - MINUTE);
  const steps = [...observedAt].slice(1).map((at, i) => at - (observedAt[i] ?? 0));
  expect(Math.max(...steps)).toBeLessThan(2 * MINUTE);
  expect((await world.store.settled(BTC, ...all)).key.length).toBeGreaterThanOrEqual(before.settled);
  expect(await world.person.alerts(9, null)).toHaveLength(1);
}
async function stored(): Promise<{ snapshots: number; settled: number }> {
  const alert = { rule: 'r', instrument: BTC, at: world.clock.now(), told: true, body: '{}' };
  await world.person.recordAlert(alert, { from: alert.at, to: alert.at });
  const counts = {
    snapshots: (await world.store.snapshots(BTC, ...all)).observedAt.length,
    settled: (await world.store.settled(BTC, ...all)).key.length,
  };
  expect(counts.snapshots).toBeGreaterThan(15);
  expect(counts.settled).toBeGreaterThan(80);
  return counts;
}

test.skipIf(windows).each([
  ['the history is deleted', () => rmSync(file()), /was deleted or moved away while Perpscope ran\. A new one with everything/u],
  [
    'the history and its companions are deleted',
    () => ['', '-wal', '-shm'].forEach((end) => rmSync(file() + end)),
    /was deleted or moved away/u,
  ],
  ['the folder is deleted', () => rmSync(world.dir, { recursive: true }), /was deleted or moved away/u],
  ['only the -wal is deleted', () => rmSync(`${file()}-wal`), /-wal, -shm\) were deleted or replaced.+nothing recorded is lost/u],
  ['only the -shm is deleted', () => rmSync(`${file()}-shm`), /-wal, -shm\) were deleted or replaced/u],
] as const)('%s while it runs: seen within a minute, told, and nothing recorded before or after is lost', async (_, mishap, words) => {
  await open();
  const before = await stored();
  mishap();
  await world.clock.advance(MINUTE);
  expect(pushed()).toEqual([expect.stringMatching(words)]);
  expect(existsSync(file())).toBe(true);
  await world.clock.advance(10 * MINUTE);
  expect(await notices()).toEqual([expect.stringMatching(words)]);
  await expectAllKept(before, world.clock.now());
  expect(await notices()).toEqual([]);
});

test.skipIf(windows).each([
  ['a text', () => writeFileSync(join(world.dir, 'other'), 'somebody else’s work')],
  [
    'another history',
    async () => {
      const other = new World();
      other.market().list('ETHUSDT', { asset: 'ETH' });
      await other.start();
      await other.clock.advance(MINUTE);
      await other.stop();
      renameSync(join(other.dir, 'history.sqlite'), join(world.dir, 'other'));
      other.dispose();
    },
  ],
] as const)('%s is renamed over the history: it is set aside whole, told, and nothing is lost', async (_, make) => {
  await open();
  const before = await stored();
  await make();
  const foreign = readFileSync(join(world.dir, 'other'));
  renameSync(join(world.dir, 'other'), file());
  await world.clock.advance(MINUTE);
  const [aside = ''] = readdirSync(world.dir).filter((name) => name.includes('.foreign-'));
  expect(readFileSync(join(world.dir, aside))).toEqual(foreign);
  expect(pushed()).toEqual([expect.stringMatching(/Another file was put in the place of .+ It was kept as .+\.foreign-/u)]);
  expect(pushed()?.[0]).toContain(aside);
  await world.clock.advance(10 * MINUTE);
  await expectAllKept(before, world.clock.now());
  expect((await world.store.instruments()).map(({ symbol }) => symbol)).toEqual(['BTCUSDT']);
});

test.skipIf(windows)('a file that was cut to nothing is set aside like a damaged one; the newest values are kept', async () => {
  await open();
  truncateSync(file(), 0);
  await world.clock.advance(20_000);
  expect(pushed()).toEqual([expect.stringMatching(/was damaged/u)]);
  await world.clock.advance(10 * MINUTE);
  expect((await world.store.settled(BTC, ...all)).key.length).toBeGreaterThan(80);
  expect((await world.store.latest()).length).toBe(1);
});

test.skipIf(windows)('where no new file can be made, it is said for as long as that is so, and made then', async () => {
  await open();
  const before = await stored();
  rmSync(world.dir, { recursive: true });
  writeFileSync(world.dir, 'a file where the folder was');
  await world.clock.advance(5 * MINUTE);
  expect(pushed()).toEqual([expect.stringMatching(/was deleted or moved away.+cannot be written yet.+Until that works/u)]);
  rmSync(world.dir);
  mkdirSync(world.dir);
  await world.clock.advance(2 * MINUTE);
  expect(pushed()).toEqual([expect.stringMatching(/A new one with everything that it held took its place/u)]);
  await world.clock.advance(5 * MINUTE);
  await expectAllKept(before, world.clock.now());
});

test('another program holds the history for the first ten seconds: it is said, and recording begins when it is free', async () => {
  world = new World();
  world.market().oldestAt = world.clock.now() - 30 * 24 * 60 * MINUTE;
  world.market().list('BTCUSDT', { asset: 'BTC' });
  await world.start();
  await world.clock.advance(5 * MINUTE);
  await world.stop();
  const child = spawn(process.execPath, [join(import.meta.dirname, '../node/history/holder-child.ts'), file()], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  holder = child;
  await once(child.stdout, 'data');
  await world.start();
  const startedAt = world.clock.now();
  await world.clock.advance(10_000);
  const words = /Another program is using .+Recording to it begins when it is free; until then what comes is in memory only/u;
  expect(await notices()).toEqual([expect.stringMatching(words)]);
  expect(pushed()).toEqual([expect.stringMatching(words)]);
  expect((await world.row(BTC)).status).toBe('live');
  child.stdin.write('go');
  await once(child, 'exit');
  await world.clock.advance(20_000);
  const over = 'The other program has let go of the history: recording goes on. Settlements that came meanwhile are fetched again.';
  expect(pushed()).toEqual([over]);
  await world.clock.advance(5 * MINUTE);
  expect(await notices()).toEqual([over]);
  await world.stop();
  await world.start();
  const { observedAt } = await world.store.snapshots(BTC, ...all);
  // Also what came while the file was held.
  expect([...observedAt].some((at) => at >= startedAt && at < startedAt + 10_000)).toBe(true);
  expect(observedAt.at(-1)).toBeGreaterThan(startedAt + 4 * MINUTE);
  expect(await notices()).toEqual([]);
});

test('a notice of the history that fails goes when it works again', async () => {
  await open();
  world.failing.add('recordPoll');
  await world.clock.advance(MINUTE);
  expect(pushed()).toEqual([expect.stringMatching(/^The local history could not be written or read: the disk is full\./u)]);
  expect(await notices()).toHaveLength(1);
  world.failing.delete('recordPoll');
  await world.clock.advance(MINUTE);
  expect([pushed(), await notices()]).toEqual([[], []]);
});

test('what a run kept and could not tell is told by the next one, once', async () => {
  await open();
  const alert = { rule: 'r', instrument: BTC, at: world.clock.now(), told: true, body: '{}' };
  const text = { title: 'BTC/USDT on Alpha: Crowd', body: 'EMA divergence', instrument: BTC };
  await world.person.recordAlert(alert, { from: alert.at, to: alert.at }, { name: 'alert r', text });
  for (let run = 0; run < 2; run++) {
    await world.stop();
    await world.start();
    expect(world.notifications).toEqual([text]);
  }
});
