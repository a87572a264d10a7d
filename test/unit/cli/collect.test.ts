import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCollect } from '../../../src/cli/collect.ts';
import { newInstrument } from '#domain/instrument.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { openHistory } from '#node/history/open.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { acquireLock } from '#node/lock.ts';
import { type OpenedPersonStore, openPerson } from '#node/person/open-person.ts';
import { createVenues } from '#node/venues/index.ts';
import { venuesOn } from '#test/support/demo-url.ts';

const BTC = 'binance:BTCUSDT';
const all = [0, Number.MAX_SAFE_INTEGER] as const;

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'perpscope-collect-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

interface Line {
  readonly event: string;
  readonly venue?: string;
  readonly faults?: readonly string[];
  readonly text?: string;
}

interface Ran {
  readonly code: number;
  readonly lines: readonly Line[];
  readonly err: string;
}

/** Runs in this process on the demo market, until `enough` of a line, or to its own end. */
async function run(args: readonly string[], enough: (line: Line) => boolean = () => false): Promise<Ran> {
  const ending = new AbortController();
  const lines: Line[] = [];
  const err: string[] = [];
  const code = await runCollect(
    ['--data-dir', dir, ...args],
    {
      read: () => Promise.reject(new Error('nothing is read')),
      out(text) {
        if (!text.startsWith('{')) return;
        const line = JSON.parse(text) as Line;
        lines.push(line);
        if (enough(line)) ending.abort();
      },
      err: (text) => void err.push(text),
    },
    ending.signal,
  );
  return { code, lines, err: err.join('\n') };
}
const demo = ['--demo', '--demo-speed', '600', '--json'];
/** What does not hang on how many venues there are. */
const two = [...demo, '--venue', 'binance', '--venue', 'bybit'];
const one = [...demo, '--venue', 'binance'];
const heard = (count: number) => {
  const venues = new Set<string>();
  return ({ event, venue = '' }: Line): boolean => event === 'polled' && venues.add(venue).size === count;
};

function stored<T>(read: (history: ReadonlyHistory) => T): T {
  const history = new ReadonlyHistory({ file: join(dir, 'demo/demo.sqlite'), kind: 'demo', now: () => Date.now() });
  try {
    return read(history);
  } finally {
    history.close();
  }
}

test('watches what is named: what was told of is on disk, the folder is free again, and nothing of the person is made', async () => {
  const { code, lines, err } = await run([...two, '--symbol', BTC], heard(2));
  expect([code, err]).toEqual([0, '']);
  expect(lines[0]).toMatchObject({ event: 'started', dataDir: join(dir, 'demo') });
  expect(lines.at(-1)).toMatchObject({ event: 'ended', faults: [] });
  expect(stored((history) => history.latest().length)).toBeGreaterThan(50);
  expect(stored((history) => history.snapshots(BTC, ...all).rate.length)).toBeGreaterThan(0);
  expect(stored((history) => history.snapshots('binance:ETHUSDT', ...all).rate.length)).toBe(0);
  expect(
    readdirSync(join(dir, 'demo')).filter((name) => !/^(?:demo\.sqlite|limits\.json|checks\.json|lock\.sqlite|logs)/u.test(name)),
  ).toEqual([]);
  acquireLock(join(dir, 'demo'), { shell: 'browser', version: '1' }).release();
});

test('SIGTERM ends it with everything on disk and exit code 0', async () => {
  const args = [resolve(import.meta.dirname, '../../../src/cli/index.ts'), 'collect', '--data-dir', dir, ...demo, '--all'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  // Of each venue: on a busy machine one answers twice before another has.
  const isEnough = heard(venuesOn().length);
  let last = '';
  for await (const line of createInterface({ input: child.stdout })) {
    last = line;
    if (isEnough(JSON.parse(line) as Line)) child.kill('SIGTERM');
  }
  expect(await exit).toEqual([0, null]);
  expect(JSON.parse(last)).toMatchObject({ event: 'ended', faults: [] });
  expect(existsSync(join(dir, 'demo/demo.sqlite-wal'))).toBe(false);
  expect(stored((history) => history.latest().length)).toBeGreaterThan(100);
});

/** A person of the demo's folder who has one list. */
async function openMine(items = [BTC]): Promise<OpenedPersonStore> {
  const person = await openPerson({
    file: join(dir, 'demo/person.sqlite'),
    demo: true,
    log: { write: () => undefined },
    now: () => Date.now(),
    defaults: defaultSettings([]),
    outgrown: null,
    history: join(dir, 'demo/demo.sqlite'),
  });
  person.update((before) => ({ ...before, lists: [{ id: 'l1', name: 'Mine', assets: [], seeded: [], items }] }));
  return person;
}

test('standard error that is closed ends nothing: what is said there is lost, what is recorded is not', async () => {
  const args = [resolve(import.meta.dirname, '../../../src/cli/index.ts'), 'collect', '--data-dir', dir, '--demo', '--symbol', BTC];
  const child = spawn(process.execPath, [...args, '--venue', 'binance', '--demo-speed', '600', '--for', '3s'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.destroy();
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(existsSync(join(dir, 'demo/demo.sqlite-wal'))).toBe(false);
  expect(stored((history) => history.latest().length)).toBeGreaterThan(10);
});

test('watches the lists, alerts and open positions of the person, and what a terminal asks for', async () => {
  mkdirSync(join(dir, 'demo'));
  const person = await openMine();
  await person.askCollector({ watch: ['bybit:ETHUSDT'], first: [], plan: [] });
  await person.flush();
  const { code } = await run(two, heard(2));
  expect(code).toBe(0);
  expect(stored((history) => history.snapshots(BTC, ...all).rate.length)).toBeGreaterThan(0);
  expect(stored((history) => history.snapshots('bybit:ETHUSDT', ...all).rate.length)).toBeGreaterThan(0);
  const unknown = await run([...demo, '--list', 'Mien']);
  expect(unknown).toMatchObject({ code: 2, err: 'The folder has no list "Mien"; there is Mine.' });
  await person.close();
});

test('a list that is deleted while it is recorded is told of, and what was watched before is watched on', async () => {
  mkdirSync(join(dir, 'demo'));
  const person = await openMine();
  let isDeleted = false;
  let polls = 0;
  const { code, lines } = await run([...one, '--list', 'Mine'], ({ event, text }) => {
    if (event === 'polled' && !isDeleted) {
      isDeleted = true;
      person.update((before) => ({ ...before, lists: [{ id: 'l2', name: 'Other', assets: [], seeded: [], items: [] }] }));
    }
    const told = event === 'notice' && (text ?? '').startsWith('The folder has no list "Mine"');
    if (told) polls = 1;
    return polls > 0 && event === 'polled' && ++polls > 3;
  });
  await person.close();
  expect(code).toBe(0);
  const notices = lines.flatMap(({ event, text = '' }) => (event === 'notice' ? [text] : []));
  expect(notices.find((text) => text.startsWith('The folder has no list "Mine"'))).toMatch(/What was watched before is watched on\./u);
  expect(stored((history) => history.snapshots(BTC, ...all).rate.length)).toBeGreaterThan(2);
});

test('a notice that was over and comes again is told again', async () => {
  mkdirSync(join(dir, 'demo'));
  const person = await openMine();
  const named = (name: string): void => {
    person.update((before) => ({ ...before, lists: [{ id: 'l1', name, assets: [], seeded: [], items: [BTC] }] }));
  };
  let [told, polls, backAt] = [0, 0, Infinity];
  const { code } = await run([...one, '--list', 'Mine'], ({ event, text }) => {
    if (event === 'polled' && ++polls === 1) named('Other');
    if (event === 'notice' && (text ?? '').startsWith('The folder has no list "Mine"') && ++told === 1) {
      named('Mine');
      void person.flush().then(() => (backAt = polls));
    }
    // Its name is on disk: the list was found again at one of these polls.
    if (event === 'polled' && polls === backAt + 20) named('Other');
    return told === 2;
  });
  await person.close();
  expect([code, told]).toEqual([0, 2]);
});

test('an instrument that no venue lists is said to be missing as soon as its venue answered, with exit code 1', async () => {
  const { code, err } = await run([...one, '--symbol', 'binance:NOSUCHUSDT'], ({ event }) => event === 'notice');
  expect([code, err]).toEqual([1, expect.stringMatching(/^binance:NOSUCHUSDT was never listed\.$/mu)]);
});

const KRAKEN = 'kraken:PF_XBTUSD';

test('the venue of an instrument that is named is asked also where it is off; of one in a list, that it is not is told at once', async () => {
  mkdirSync(join(dir, 'demo'));
  // As a terminal writes it: Binance is on, and no other.
  const venues = Object.fromEntries(
    Object.entries(defaultSettings(createVenues()).venues).map(([id, venue]) => [id, { ...venue, enabled: id === 'binance' }]),
  );
  writeFileSync(join(dir, 'demo/settings.json'), JSON.stringify({ venues }));
  const named = await run([...demo, '--symbol', KRAKEN], ({ event, venue }) => event === 'polled' && venue === 'kraken');
  expect(named.err).not.toContain('kraken');
  expect(stored((history) => history.snapshots(KRAKEN, ...all).rate.length)).toBeGreaterThan(0);
  const person = await openMine([BTC, KRAKEN]);
  await person.flush();
  const listed = await run([...demo, '--list', 'Mine'], ({ event }) => event === 'notice');
  await person.close();
  expect(listed.lines.find(({ event }) => event === 'notice')?.text).toMatch(
    /^1 of the watched instruments are of venues that are not asked \(kraken\): nothing of them is recorded\./u,
  );
});

/** What binance listed until 2 October, and a poll of which the demo lacks it. */
async function recordDelisted(): Promise<void> {
  mkdirSync(join(dir, 'demo'));
  const at = Date.UTC(2026, 9, 2);
  const store = await openHistory({ file: join(dir, 'demo/demo.sqlite'), demo: true, now: () => at, log: { write: () => undefined } });
  const instrument = newInstrument({ venue: 'binance', symbol: 'OLDUSDT', asset: 'OLD', quote: 'USDT', settle: 'USDT', delistedAt: at });
  const amounts = { intervalH: 8, nextFundingAt: null, mark: null, index: null, openInterest: null, volume24h: null, interestPer8h: null };
  const poll = { venue: 'binance', observedAt: at, instruments: [instrument], watched: new Set<string>(), pollMs: 30_000 };
  await store.recordPoll({ ...poll, snapshots: [{ symbol: 'OLDUSDT', rate: 1e-4, ...amounts }] });
  await store.recordPoll({ ...poll, observedAt: at + 1, snapshots: [], delisted: ['binance:OLDUSDT'] });
  await store.close();
}

test('an instrument that is named and not listed any more is told of at once, also beside --all', async () => {
  await recordDelisted();
  const only = ['--venue', 'binance', '--symbol', 'binance:OLDUSDT'];
  for (const args of [only, [...only, '--all']]) {
    const { code, lines, err } = await run([...demo, ...args], ({ event }) => event === 'notice');
    const words =
      'binance:OLDUSDT is not listed any more, since 2026-10-02: what its venue still serves of its past is fetched, and nothing new can come.';
    expect([code, err, lines.find(({ event }) => event === 'notice')?.text]).toEqual([1, expect.stringContaining(words), words]);
  }
});

test('--for ends it by itself', async () => {
  const { code, lines } = await run([...one, '--for', '1s']);
  expect(lines.at(-1)).toMatchObject({ event: 'ended' });
  expect([0, 1]).toContain(code);
});

test('that the folder is written is said once it is, and not where it is not', async () => {
  const ending = new AbortController();
  const said: string[] = [];
  const code = await runCollect(
    ['--data-dir', dir, '--demo', '--demo-speed', '600', '--venue', 'binance', '--symbol', 'binance:NOSUCHUSDT'],
    {
      read: () => Promise.reject(new Error('nothing is read')),
      out: () => undefined,
      err(text) {
        said.push(text);
        if (text.startsWith('Recording into')) ending.abort();
        if (text.startsWith('Ended')) acquireLock(join(dir, 'demo'), { shell: 'desktop', version: '1.2.3' }).release();
      },
    },
    ending.signal,
  );
  expect([code, said.at(-1)]).toEqual([1, `Ended; ${join(dir, 'demo')} is written.`]);
  const refused = await run(['--demo', '--list', 'Mien']);
  expect([refused.code, refused.err]).toEqual([2, expect.not.stringContaining('is written')]);
});

test('what another program kept it from writing is said at the end, with exit code 1, also where it could end as asked', async () => {
  await run([...one, '--symbol', BTC], ({ event }) => event === 'polled');
  const other = new Database(join(dir, 'demo/demo.sqlite'));
  other.exec('BEGIN EXCLUSIVE');
  const { code, lines, err } = await run([...one, '--symbol', BTC], ({ event }) => event === 'polled');
  other.exec('ROLLBACK');
  other.close();
  expect(code).toBe(1);
  expect(lines.at(-1)?.faults).toContain('Not everything could be written: it failed to record a poll of Binance USD-M.');
  expect(err).not.toContain('is written');
});

test('beside another process that writes the folder it is refused with who that is', async () => {
  const lock = acquireLock(join(dir, 'demo'), { shell: 'desktop', version: '1.2.3' });
  const { code, err } = await run(demo);
  lock.release();
  expect(code).toBe(3);
  expect(err).toContain(`Perpscope 1.2.3 (desktop, process ${process.pid}, since `);
});

test('a history that must not be touched is left alone, with exit code 4', async () => {
  mkdirSync(join(dir, 'demo'));
  await run([...one, '--symbol', BTC], ({ event }) => event === 'polled');
  const db = new Database(join(dir, 'demo/demo.sqlite'));
  db.pragma('user_version = 999');
  db.close();
  const { code, err } = await run(demo);
  expect([code, err]).toEqual([4, expect.stringMatching(/newer Perpscope/u)]);
});

test.each([
  [['--venue', 'binanc'], 'There is no venue "binanc"; did you mean binance?'],
  [['--symbol', 'BTCUSDT'], '--symbol is a venue and its symbol, such as binance:BTCUSDT, not "BTCUSDT".'],
  [['--for', '1 day'], '--for is a number with its unit, such as 90s, 30m, 12h or 7d, not "1 day".'],
  [['--all', '--list', 'Mine'], '--all watches everything, what lists hold too: leave --list out.'],
  [['--venue', 'bybit', '--symbol', BTC], '--symbol binance:BTCUSDT is of a venue that --venue leaves out: add --venue binance, or'],
  [['--demo', '--venue', 'ccxt-bitfinex'], 'There is no venue "ccxt-bitfinex"'],
  [['--demo-speed', '5'], '--demo-speed sets the pace of the demo market: use it together with --demo.'],
  [['--colour'], '--help lists the flags.'],
])('%j is refused with what to type, and nothing is made', async (args, words) => {
  const { code, err } = await run(args);
  expect([code, err]).toEqual([2, expect.stringContaining(words)]);
  expect(readdirSync(dir)).toEqual([]);
});
