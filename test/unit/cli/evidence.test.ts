import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newInstrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { hasRecordings, recording } from '#test/support/bodies.ts';
import { run } from '../../../src/cli/run.ts';

const START = Date.UTC(2025, 0, 1);

interface Searched {
  readonly chosen: readonly { readonly year: number }[];
  readonly inSample: { readonly n: number };
  readonly outOfSample: { readonly n: number };
  readonly question: { readonly levels: readonly number[] };
}

interface Answer {
  readonly verdict: string;
  readonly n: number;
  readonly mean: Record<string, number | string | null>;
  readonly equity: Record<string, number>;
  readonly question: Record<string, unknown>;
  readonly notes: string[];
  readonly interval: unknown;
  readonly delays: readonly { readonly delayH: number; readonly netBp: number }[];
  readonly events: {
    readonly signalAt: string;
    readonly enteredAt: string;
    readonly exitedAt: string;
    readonly netBp: number;
    readonly side: string;
  }[];
  readonly open: {
    readonly mean: { readonly netBp: number } | null;
    readonly events: readonly { readonly signalAt: string; readonly exitedAt: string; readonly settlements: number }[];
  };
}

async function ask(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  let [out, err] = ['', ''];
  const code = await run(['evidence', ...args], {
    read: (file) => {
      const text = file === null ? undefined : files[file];
      return text === undefined ? Promise.reject(new Error('no such file')) : Promise.resolve(text);
    },
    out: (text) => (out += `${text}\n`),
    err: (text) => (err += `${text}\n`),
  });
  return {
    code,
    out,
    err,
    answer: () => (JSON.parse(out) as { data: Answer }).data,
    searched: () => (JSON.parse(out) as { data: Searched }).data,
  };
}

/** Settlements 8 h apart, at first without prices. */
const csv = (rates: readonly number[], mark?: (row: number) => number): string =>
  [
    `ts_ms,rate,interval_h${mark ? ',mark_price' : ''}`,
    ...rates.map((rate, i) => `${START + i * 8 * HOUR_MS},${rate},8${mark ? `,${mark(i)}` : ''}`),
  ].join('\n');

const CARRY = ['--metric', 'settled-rate', '--op', 'outside', '--level', '0.0005', '--release', '0.5', '--exit', 'signal-end'];

describe.skipIf(!hasRecordings)('a published study of carry, 6,325 settlements', () => {
  const study = [...CARRY, '--cost-bp', '10', '--size', 'compounded', '--exposure', '2.7', '--json', '--file', 'btc.csv'];
  const files = { 'btc.csv': hasRecordings ? recording('golden/evidence/btcusdt-8h-2019-2025.csv') : '' };
  test('one settlement later, which is what a person could have had', async () => {
    const { code, answer } = await ask(study, files);
    const { equity, mean, n, notes } = answer();
    expect(code).toBe(0);
    expect(equity['final']).toBeCloseTo(15968.78, 2);
    expect(100 * (equity['return'] ?? NaN)).toBeCloseTo(59.69, 2);
    expect(equity['funding']).toBeCloseTo(10523.33, 2);
    expect(equity['costs']).toBeCloseTo(4554.55, 2);
    expect([equity['executions'], n, equity['wins']]).toEqual([134, 67, 27]);
    expect(mean).toMatchObject({ price: 'not measured', priceBp: null });
    expect(notes.join()).not.toContain('could not have had');
  });
  test('as published, by name, it earns the settlement that made it enter', async () => {
    const { answer } = await ask([...study, '--funding', 'own'], files);
    const { equity, n, notes } = answer();
    expect(equity['final']).toBeCloseTo(18154.1, 2);
    expect(100 * (equity['return'] ?? NaN)).toBeCloseTo(81.54, 2);
    expect(equity['funding']).toBeCloseTo(13047.57, 2);
    expect(equity['costs']).toBeCloseTo(4893.47, 2);
    expect([equity['executions'], n, equity['wins']]).toEqual([134, 67, 33]);
    expect(notes.join()).toContain('funding own: earns the settlement that made the signal');
  });
});

test('by hand: three settlements of a hold, two fills', async () => {
  // Enters at the second, holds over the third and fourth, lets go at the fifth, which it still pays for.
  const { answer } = await ask(['--file', 'a.csv', ...CARRY, '--cost-bp', '10', '--json'], {
    'a.csv': csv([0.0001, 0.0006, 0.0004, 0.0003, 0.0002, 0.0001]),
  });
  const { events, verdict, interval, question } = answer();
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    side: 'short',
    signalAt: '2025-01-01T08:00:00.000Z',
    enteredAt: '2025-01-01T09:00:00.000Z',
    exitedAt: '2025-01-02T09:00:00.000Z',
  });
  expect(events[0]?.netBp).toBeCloseTo(4 + 3 + 2 - 20, 9);
  expect(verdict).toBe('too few');
  expect(interval).toBeNull();
  expect(question).toMatchObject({
    conditions: [{ metric: 'settled-rate', unit: 'rate-per-interval', op: 'outside', level: 0.0005, release: 0.5, letsGoAt: 0.00025 }],
    exit: 'signal-end',
    funding: 'next',
  });
});

test('a hold that crosses --to ends by its own rule; one that is open at the end is valued there, apart, in words', async () => {
  const rates = [0.0001, 0.0006, 0.0004, 0.0003, 0.0002, 0.0001, 0.0007, 0.0004];
  const asked = ['--file', 'a.csv', ...CARRY, '--cost-bp', '10'];
  const files = { 'a.csv': csv(rates) };
  const bounded = (await ask([...asked, '--json', '--to', '2025-01-01T08:00Z'], files)).answer();
  expect(bounded.events.map(({ signalAt, exitedAt }) => [signalAt, exitedAt])).toEqual([
    ['2025-01-01T08:00:00.000Z', '2025-01-02T09:00:00.000Z'],
  ]);
  const whole = (await ask([...asked, '--json'], files)).answer();
  expect([whole.events, whole.equity]).toEqual([bounded.events, bounded.equity]);
  // Entered after the settlement at 48 h, it was paid once since: 4 bp less two fills.
  expect(whole.open.events).toMatchObject([{ signalAt: '2025-01-03T00:00:00.000Z', exitedAt: '2025-01-03T08:00:00.000Z', settlements: 1 }]);
  expect(whole.open.mean?.netBp).toBeCloseTo(4 - 20, 9);
  const said =
    'apart: 1 still open at the end of what is stored, as if closed at the last stored price, funding to the last settlement: net -16.00 bp';
  expect((await ask(asked, files)).out).toContain(said);
  const document = (await ask([...asked, '--markdown'], files)).out;
  expect(document).toContain(said);
  expect(document.split('## Still open at the end, not in the averages')[1]).toContain('| 2025-01-03 00:00 |');
});

test('--deciles sorts the files into tenths at each settlement and tells each, and the two ends, after costs', async () => {
  const names = Array.from({ length: 10 }, (_, i) => `C${i}`);
  const rates = (i: number): number[] => Array.from({ length: 6 }, () => i * 1e-4);
  const files = Object.fromEntries(names.map((name, i) => [`${name}.csv`, csv(rates(i))]));
  const asked = [
    '--deciles',
    '--metric',
    'settled-rate',
    '--cost-bp',
    '1',
    ...names.flatMap((name) => ['--file', `v:${name}=${name}.csv`]),
  ];
  const { code, out } = await ask([...asked, '--json'], files);
  const { data } = JSON.parse(out) as {
    data: { sorts: number; deciles: { n: number; funding: { meanBp: number } }[]; ends: { net: { meanBp: number } }; incomplete: number };
  };
  expect([code, data.sorts, data.incomplete]).toEqual([0, 6, 20]);
  // Without prices: of the fifth sort the exit, and of the sixth the entry, is not stored.
  expect(data.deciles.map(({ n }) => n)).toEqual(names.map(() => 4));
  expect(data.deciles[9]?.funding.meanBp).toBeCloseTo(-9, 9);
  expect(data.ends.net.meanBp).toBeCloseTo(9 - 4, 9);
  const words = (await ask(asked, files)).out;
  expect(words).toContain(
    'the lowest tenth bought and the highest sold, per sort on the notional of one: gross 9.00 bp (median 9.00 bp), net of four fills 5.00 bp',
  );
  expect(words).toMatch(/10, highest +4 +0\.0009 +\u2013 +\u2013 +-9\.00 +-9\.00 +-9\.00 +-9\.00 +-11\.00 +7\.00/u);
  expect((await ask([...asked, '--markdown'], files)).out).toContain('| 10, highest | 4 | 0.0009 |');
});

test.each([
  [['--level', '1'], '--level is of a rule: leave it out together with --deciles.'],
  [['--exit', 'settlement'], '--exit of --deciles is hours or days'],
  [['--delay', '0h,1h'], '--delay of --deciles is one.'],
])('--deciles with %j is told why not', async (more, why) => {
  const { code, err } = await ask(['--deciles', '--metric', 'settled-rate', '--file', 'a.csv', ...more], {});
  expect([code, err.includes(why)]).toEqual([2, true]);
});

test('prices 8 h apart: the first after the signal is the entry, each settlement at its own mark', async () => {
  const marks = [100, 100, 110, 121, 121, 121];
  const { answer } = await ask(
    ['--file', 'a.csv', '--metric', 'settled-rate', '--level', '0.0005', '--exit', '8h', '--cost-bp', '0', '--json'],
    {
      'a.csv': csv([0.0001, 0.0006, 0.0002, 0.0003, 0.0002, 0.0001], (row) => marks[row] ?? NaN),
    },
  );
  const [event] = answer().events;
  expect(event).toMatchObject({ enteredAt: '2025-01-01T16:00:00.000Z', exitedAt: '2025-01-02T00:00:00.000Z' });
  // Short from 110 to 121: -10 %; receives 0.03 % at a mark of 121 on a notional of 110.
  expect(event?.netBp).toBeCloseTo(-1000 + 3 * 1.1, 9);
});

test('z-scores over every period, in a rule from a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rule-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'rule.json');
  writeFileSync(
    path,
    JSON.stringify({
      conditions: [
        { metric: 'funding-z', params: { w: 3 }, level: 1.5 },
        { metric: 'settled-rate', op: 'above', level: 0.0002 },
      ],
    }),
  );
  const rates = [0.0001, 0.0002, 0.0003, 0.0006, 0.0001, 0.0002, 0.0008];
  const { answer } = await ask(['--file', 'a.csv', '--rule', path, '--events', 'every', '--exit', 'settlement', '--json'], {
    'a.csv': csv([...rates, 0, 0]),
  });
  // (6 - 2) / 1 = 4 at the fourth; at the seventh the three before are 6, 1, 2: mean 3, sd 2.6458, (8 - 3) / 2.6458 = 1.89.
  expect(answer().events.map(({ signalAt }) => signalAt)).toEqual(['2025-01-02T00:00:00.000Z', '2025-01-03T00:00:00.000Z']);
});

test('several levels are a search, judged out of sample', async () => {
  const rates = Array.from({ length: 3 * 365 * 2 }, (_, i) => (i % 7 === 0 ? 0.0008 : 0.0001) * (i % 2 === 0 ? 1 : -1));
  const { searched, code } = await ask(
    ['--file', 'a.csv', '--metric', 'settled-rate', '--level', '0.0004,0.0006', '--exit', 'settlement', '--json'],
    { 'a.csv': csv(rates) },
  );
  const found = searched();
  expect(code).toBe(0);
  expect(found.chosen.map(({ year }) => year)).toEqual([2026]);
  expect(found.outOfSample.n).toBeLessThan(found.inSample.n);
  expect(found.question.levels).toEqual([0.0004, 0.0006]);
});

test('the local history gives what a file of the same gives, also as it was known then', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'evidence-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const rates = Array.from({ length: 400 }, (_, i) => (i % 9 === 0 ? 0.0009 : 0.0001) * (i % 2 === 0 ? 1 : -1));
  const marks = rates.map((_, i) => 100 + (i % 13));
  const end = START + 400 * 8 * HOUR_MS;
  const store = new SqliteHistory({ file: join(dir, 'history.sqlite'), kind: 'live', log: { write: () => undefined }, now: () => end });
  const [venue, symbol, id] = ['binance', 'BTCUSDT', 'binance:BTCUSDT'];
  const instrument = newInstrument({ venue, symbol, asset: 'BTC', quote: 'USDT', settle: 'USDT' });
  store.recordPoll({ venue, observedAt: end, pollMs: 30_000, instruments: [instrument], snapshots: [], watched: new Set() });
  const rows = rates.map((rate, i) => ({ stamp: START + i * 8 * HOUR_MS, rate, intervalH: 8, mark: marks[i] ?? null, premium: null }));
  store.recordSettled(id, rows, end, { from: START - 1, to: end });
  const prices = marks.map((mark, i) => ({ close: START + i * 8 * HOUR_MS, mark, index: null, last: null }));
  store.recordPrices(id, prices, end, { from: START - 1, to: end });
  store.close();
  const rule = ['--metric', 'settled-rate', '--level', '0.0005', '--exit', '24h', '--json'];
  const stored = await ask([...rule, '--venue', venue, '--symbol', symbol, '--data-dir', dir]);
  const file = await ask([...rule, '--file', 'a.csv', '--venue', venue, '--symbol', symbol], {
    'a.csv': csv(rates, (row) => marks[row] ?? NaN),
  });
  expect([stored.code, stored.err]).toEqual([0, '']);
  expect(stored.answer().n).toBeGreaterThan(30);
  expect({ ...file.answer(), question: null, notes: null }).toEqual({ ...stored.answer(), question: null, notes: null });
  const search = [...rule.with(3, '0.0005,0.0007'), '--venue', venue, '--symbol', symbol];
  const searches = [
    await ask([...search, '--data-dir', dir]),
    await ask([...search, '--file', 'a.csv'], { 'a.csv': csv(rates, (row) => marks[row] ?? NaN) }),
  ].map(({ searched }) => ({ ...searched(), question: null, notes: null }));
  expect(searches[0]).toEqual(searches[1]);
  const before = await ask([...rule, '--venue', venue, '--symbol', symbol, '--data-dir', dir, '--as-of', new Date(end - 1).toISOString()]);
  expect(before.code).toBe(2);
  // Delisted ones too: the whole venue, and everything.
  const whole = await ask([...rule, '--venue', venue, '--data-dir', dir]);
  expect(whole.answer()).toMatchObject({ n: stored.answer().n, question: { source: 'everything of binance' } });
  expect((await ask([...rule, '--venue', 'all', '--data-dir', dir])).answer().question['source']).toBe('everything stored');
  expect((await ask([...rule, '--venue', 'bybit', '--data-dir', dir])).err).toContain('nothing of a venue "bybit"; it has binance');
  const list = await ask([...rule, '--list', 'Mine', '--data-dir', dir]);
  expect([list.code, list.err.includes('The folder has no list "Mine"')]).toEqual([2, true]);
});

test('thresholds from the past of each event: --level p90', async () => {
  // Twice as large from the middle on: a fixed level of the whole would lie between.
  const size = (i: number): number => (i < 400 ? 1e-4 : 2e-4) * (1 + ((i * 7919) % 101) / 101);
  const rates = Array.from({ length: 800 }, (_, i) => size(i));
  const asked = ['--file', 'a.csv', '--metric', 'settled-rate', '--op', 'above', '--level', 'p90', '--level-days', '30'];
  const { answer, code } = await ask([...asked, '--exit', '8h', '--events', 'every', '--json'], { 'a.csv': csv(rates) });
  const { events, question } = answer();
  expect(code).toBe(0);
  expect(question).toMatchObject({ conditions: [{ level: { percentile: 90, days: 30 }, letsGoAt: null }] });
  const rows = events.map(({ signalAt }) => (Date.parse(signalAt) - START) / (8 * HOUR_MS));
  // Nothing before 30 days are known; of the new level's first days all of the upper part, later a tenth.
  expect(Math.min(...rows)).toBeGreaterThanOrEqual(90);
  expect(rows.filter((row) => row >= 100 && row < 400).length).toBeLessThan(45);
  for (const row of rows) {
    const past = rates.slice(row - 90, row).sort((a, b) => a - b);
    expect(rates[row]).toBeGreaterThanOrEqual(past[80] ?? NaN);
  }
});

test('delays stand side by side, the first one whole', async () => {
  const rates = Array.from({ length: 60 }, (_, i) => (i % 6 === 0 ? 0.0009 : 0.0001 * (1 + (i % 2))));
  const asked = ['--file', 'a.csv', '--metric', 'settled-rate', '--level', '0.0005', '--exit', 'settlement', '--cost-bp', '0', '--json'];
  const files = { 'a.csv': csv(rates) };
  const { delays, mean } = (await ask([...asked, '--delay', '0h,1h,8h'], files)).answer();
  expect(delays.map(({ delayH }) => delayH)).toEqual([0, 1, 8]);
  for (const { delayH, netBp } of delays) {
    const alone = (await ask([...asked, '--delay', `${delayH}h`], files)).answer();
    expect(netBp).toBe(alone.mean['netBp']);
  }
  expect(delays[0]?.netBp).toBe(mean['netBp']);
  // A delay of 8 h on top of the hour: the settlement after the next is the first that is earned.
  expect(delays[2]?.netBp).not.toBe(delays[0]?.netBp);
});

test('a series that stands still is left out, and says so', async () => {
  const { answer, err, code } = await ask(
    ['--file', 'a.csv', '--metric', 'settled-rate', '--op', 'above', '--level', '0.0001', '--exit', '8h', '--events', 'every', '--json'],
    { 'a.csv': csv(Array.from({ length: 100 }, () => 0.0001)) },
  );
  expect([code, answer().n]).toEqual([1, 0]);
  expect(err).toContain('is left out: Settled rate never changed.');
});

test('as a document: the verdict first, each event a row, the question to run it again', async () => {
  const rates = Array.from({ length: 40 }, (_, i) => (i % 10 === 0 ? 0.0009 : 0.0001));
  const { out, code } = await ask(['--file', 'a.csv', ...CARRY, '--markdown'], { 'a.csv': csv(rates) });
  expect(code).toBe(0);
  expect(out).toMatch(/^# Evidence: did it pay\?\n\n\*\*too few\.\*\* 4 events that do not overlap/u);
  const rows = out.split('\n').filter((line) => /^\| 2025-01-\d\d \d\d:\d\d \|/u.test(line));
  expect(rows).toHaveLength(4);
  // Entered an hour after the settlement at 80 h, receives 0.01 % at the one that lets go, pays two fills of 5 bp.
  expect(rows[1]).toBe('| 2025-01-04 08:00 | :file | short | 0.0009 | 2025-01-04 09:00 | 2025-01-04 17:00 | \u2013 | 1.00 | -9.00 |');
  const json = /```json\n(.+?)\n```/su.exec(out)?.[1] ?? '';
  expect(JSON.parse(json)).toMatchObject({ conditions: [{ metric: 'settled-rate', level: 0.0005 }], seed: 1, exit: 'signal-end' });
});

test('a document or JSON, not both', async () => {
  const { code, out } = await ask(['--file', 'a.csv', ...CARRY, '--json', '--markdown'], { 'a.csv': csv([0.0001, 0.0006]) });
  expect([code, out.includes('choose one')]).toEqual([2, true]);
});

test('progress is told where there is a terminal', async () => {
  const told: string[] = [];
  const rates = Array.from({ length: 900 }, (_, i) => (i % 10 === 0 ? 0.0009 : 0.0001 * (1 + (i % 3))));
  const code = await run(['evidence', '--file', 'a.csv', '--metric', 'settled-rate', '--level', '0.0005', '--exit', '8h'], {
    read: () => Promise.resolve(csv(rates)),
    out: () => undefined,
    err: () => undefined,
    status: (text) => told.push(text),
  });
  expect(code).toBe(0);
  expect(told.at(-1)).toBe('100 % of the draws');
});

test('text for a person: the verdict first, nothing called viable', async () => {
  const { out, code } = await ask(['--file', 'a.csv', ...CARRY], { 'a.csv': csv([0.0001, 0.0006, 0.0002, 0.0001]) });
  expect(code).toBe(0);
  expect(out).toContain('Verdict: too few (1 event)');
  expect(out).toContain('price not measured');
  expect(out).toContain('tries counted: 1; every edit of a rule is one');
  expect(out).not.toContain('viable');
  // Seven rules of before, and two levels of which each is one.
  const searched = CARRY.map((one) => (one === '0.0005' ? '0.0005,0.0004' : one));
  const again = await ask(['--file', 'a.csv', ...searched, '--tries', '8'], { 'a.csv': csv([0.0001, 0.0006, 0.0002]) });
  expect(again.out).toContain('tries counted: 9, each of 2 levels one');
});

test('a rule that never held is exit code 1, and says so', async () => {
  const { code, out } = await ask(['--file', 'a.csv', ...CARRY], { 'a.csv': csv([0.0001, 0.0001]) });
  expect(code).toBe(1);
  expect(out).toContain('The rule never held');
});

describe('what cannot be done as asked', () => {
  const faults: readonly (readonly [string, readonly string[], string])[] = [
    ['no source', ['--metric', 'settled-rate', '--level', '1'], 'Say where the history comes from'],
    ['a percentile that is none', ['--file', 'a.csv', '--metric', 'settled-rate', '--level', 'p0'], '--level p0 is no percentile'],
    ['days without one', ['--file', 'a.csv', '--metric', 'settled-rate', '--level', '1', '--level-days', '9'], 'write --level p95'],
    ['no level', ['--file', 'a.csv', '--metric', 'settled-rate'], 'in the unit of settled-rate, which is rate-per-interval'],
    ['a word for a level', ['--file', 'a.csv', '--metric', 'settled-rate', '--level', 'high'], '--level is a number above 0, not "high"'],
    ['a release beyond its level', ['--file', 'a.csv', ...CARRY.with(7, '1.2')], '--release is a number above 0, at most 1'],
    ['an exit that is none', ['--file', 'a.csv', ...CARRY.with(9, 'soon')], '(or settlement, or signal-end), not "soon"'],
    ['a metric that is none', ['--file', 'a.csv', '--metric', 'funding-zz', '--level', '1'], 'Did you mean funding-z'],
    ['an unknown side', ['--file', 'a.csv', ...CARRY, '--side', 'both'], '--side is one of against, with, not "both"'],
    ['a file with a flag of the history', ['--file', 'a.csv', ...CARRY, '--as-of', '2025-01-01T00:00Z'], 'are of the local history'],
    ['a rule said twice', ['--file', 'a.csv', '--rule', 'r.json', '--level', '1'], 'leave --level out'],
    ['a rule file that is not there', ['--file', 'a.csv', '--rule', 'no/r.json'], 'cannot be read as JSON'],
  ];
  test.each(faults)('%s', async (_name, args, sentence) => {
    const { code, err, out } = await ask(args, { 'a.csv': csv([0.0001, 0.0006]) });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
  });
});

test('the help has an example', async () => {
  const { code, out } = await ask(['--help']);
  expect(code).toBe(0);
  expect(out).toContain('--release 0.5');
});

test('Ctrl-C ends it, whatever it is at: nothing of an answer is printed', async () => {
  const child = spawn(process.execPath, ['src/cli/index.ts', 'evidence', '--file', '-', ...CARRY], { stdio: ['pipe', 'pipe', 'ignore'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  await once(child, 'spawn');
  child.kill('SIGINT');
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect([code, signal, out]).toEqual([null, 'SIGINT', '']);
});
