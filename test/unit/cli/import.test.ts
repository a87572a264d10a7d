import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import type { ListLook } from '#bridge/lists.ts';
import { HOUR_MS } from '#domain/time.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { zipOf } from '#node/venues/common/zip.ts';
import { ImportFolder } from '#test/support/import-run.ts';
import { FLAG_OF } from '../../../src/cli/import-args.ts';
import { run } from '../../../src/cli/run.ts';

const folders: ImportFolder[] = [];
const fresh = (): ImportFolder => {
  const folder = new ImportFolder();
  folders.push(folder);
  return folder;
};
afterAll(() => folders.forEach((folder) => folder.remove()));

const BTC = ['--venue', 'binance', '--symbol', 'BTCUSDT'] as const;
const ALL = ['binance:BTCUSDT', -1, Number.MAX_SAFE_INTEGER] as const;
/** 1 January 2025, 00:00 UTC. */
const T = 1_735_689_600_000;
const H8 = 8 * HOUR_MS;

const shared = resolve(import.meta.dirname, '../../../../shared');
const haveShared = existsSync(join(shared, 'data')) && existsSync(join(shared, 'cases/files'));
if (!haveShared) console.warn(`Skipping imports of recorded files: ${shared} is not there.`);

describe.skipIf(!haveShared)('recorded files', () => {
  test('a year as published: every row, and again nothing', async () => {
    const folder = fresh();
    const path = join(shared, 'data/funding-1y/binance/BTCUSDT.csv');
    const lines = readFileSync(path, 'utf8').trim().split('\n').slice(1);
    const dry = await folder.json(path, ...BTC, '--dry-run');
    expect([dry.code, dry.answer.adds, dry.answer.known, dry.answer.conflicts, dry.answer.refused]).toEqual([0, lines.length, 0, 0, 0]);
    expect(folder.stored((history) => history.settled(...ALL).key.length)).toBe(0);
    expect((await folder.import(path, ...BTC, '--yes')).adds).toBe(lines.length);
    const stored = folder.stored((history) => history.settled(...ALL));
    const read = lines.map((line) => line.split(',').map(Number));
    expect([...stored.stamp]).toEqual(read.map(([stamp]) => stamp));
    expect([...stored.rate]).toEqual(read.map(([, rate]) => rate));
    expect([...stored.mark]).toEqual(read.map(([, , , mark]) => mark));
    expect(new Set(stored.intervalH)).toEqual(new Set([8]));
    const again = await folder.import(path, ...BTC, '--yes');
    expect([again.adds, again.known, again.conflicts]).toEqual([0, lines.length, 0]);
    expect(folder.stored((history) => history.imports().map(({ name }) => name))).toEqual(['BTCUSDT.csv']);
  });

  test('settlements that go from 8 h to 1 h: the interval that was paid for, at both ends of the change', async () => {
    const folder = fresh();
    const path = join(shared, 'data/funding-1y/bybit/INJUSDT.csv');
    expect((await folder.import(path, '--venue', 'bybit', '--symbol', 'INJUSDT', '--yes')).refused).toBe(0);
    const { key, intervalH } = folder.stored((history) => history.settled('bybit:INJUSDT', -1, Number.MAX_SAFE_INTEGER));
    const change = key.indexOf(Date.UTC(2026, 1, 19, 17));
    expect([intervalH[change - 1], intervalH[change], intervalH[change + 1]]).toEqual([8, 1, 1]);
    expect(intervalH.filter((hours) => hours === 1).length).toBe(170);
  });

  test("an exchange page's own export: percent, 8h, newest first; the zone is asked for", async () => {
    const folder = fresh();
    const path = join(shared, 'cases/files/exchange-web-export.csv');
    const asked = await folder.json(path, ...BTC, '--yes');
    expect([asked.code, asked.answer.questions.map(({ flag }) => flag)]).toEqual([2, ['--zone']]);
    const { adds, refused } = await folder.import(path, ...BTC, '--zone', 'UTC', '--yes');
    expect([adds, refused]).toEqual([6, 0]);
    const { rate, intervalH } = folder.stored((history) => history.settled(...ALL));
    expect(rate.at(-1)).toBe(0.00003694);
    expect(rate.reduce((sum, one) => sum + one, 0)).toBeCloseTo(0.00014569, 12);
    expect([...intervalH]).toEqual([8, 8, 8, 8, 8, 8]);
  });

  test.each([
    ['no-header.csv', [], 'The file does not name its columns'],
    ['klines.csv', [], 'The file does not name its columns'],
    ['two-symbols.csv', ['--symbol', 'BTCUSDT'], 'The file holds TAOUSDT, TAGUSDT, no BTCUSDT'],
  ])('%s is asked about', async (name, args, said) => {
    const { adds, questions } = await fresh().import(join(shared, 'cases/files', name), '--venue', 'binance', ...args, '--yes');
    expect(adds).toBeNull();
    expect(questions.map(({ text }) => text).join(' ')).toContain(said);
  });

  test('a file without names, with its columns said by their number', async () => {
    const folder = fresh();
    const args = [...BTC, '--map', 'time=1,interval=2,rate=3', '--rates', 'decimal', '--yes'];
    expect((await folder.import(join(shared, 'cases/files/no-header.csv'), ...args)).adds).toBe(5);
    expect(folder.stored((history) => [...history.settled(...ALL).rate])).toEqual([0.00005456, 0.00007345, 0.0001, 0.00006012, 0.0000877]);
  });

  test('two coins in one file become two instruments', async () => {
    const folder = fresh();
    await folder.import(join(shared, 'cases/files/two-symbols.csv'), '--venue', 'binance', '--yes');
    expect(folder.stored((history) => ['TAO', 'TAG'].map((coin) => history.settled(`binance:${coin}USDT`, -1, 1e15).key.length))).toEqual([
      3, 5,
    ]);
  });

  test.each(['comma-decimal-comma.csv', 'thousands-unquoted.csv'])('%s: each line is refused with its number', async (name) => {
    const answer = await fresh().import(join(shared, 'cases/files', name), ...BTC, '--yes');
    expect([answer.adds, answer.refused]).toEqual([0, 3]);
    expect(answer.refusedLines.map(({ line }) => line)).toEqual([2, 3, 4]);
    expect(answer.refusedLines[0]?.reason).toContain('A comma inside a number?');
  });

  test('hourly settlements that state 8 h are paid hourly', async () => {
    const folder = fresh();
    const answer = await folder.import(join(shared, 'cases/files/hourly-stated-8.csv'), ...BTC, '--rates', 'decimal', '--yes');
    expect(answer.notes.join(' ')).toContain('state a longer interval than lies between the settlements');
    expect(new Set(folder.stored((history) => history.settled(...ALL).intervalH.slice(1)))).toEqual(new Set([1]));
  });

  test('UTF-16', async () => {
    expect((await fresh().import(join(shared, 'cases/files/utf16.csv'), ...BTC, '--yes')).adds).toBe(2);
  });
});

const lines = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;

describe('times are told apart by rule', () => {
  const iso = (t: number): string => new Date(t).toISOString();
  test.each([
    ['seconds', (t: number) => String(t / 1000)],
    ['milliseconds', String],
    ['microseconds', (t: number) => `${t}000`],
    ['nanoseconds', (t: number) => `${t}000000`],
    ['ISO', iso],
    ['ISO with an offset', (t: number) => iso(t + 5.5 * HOUR_MS).replace('.000Z', '+05:30')],
    ['UTC in words', (t: number) => `${iso(t).slice(0, 19).replace('T', ' ')} UTC`],
  ])('%s', async (_, write) => {
    const folder = fresh();
    const path = folder.file('a.csv', lines('time,fundingRate', `${write(T)},0.0001`, `${write(T + H8)},0.0002`));
    expect((await folder.import(path, ...BTC, '--yes')).adds).toBe(2);
    expect(folder.stored((history) => [...history.settled(...ALL).key])).toEqual([T, T + H8]);
  });

  test.each([
    ['01/02/2025 08:00,0.0001', '15/02/2025 08:00,0.0001', [Date.UTC(2025, 1, 1, 8), Date.UTC(2025, 1, 15, 8)]],
    ['01/02/2025 08:00,0.0001', '01/15/2025 08:00,0.0001', [Date.UTC(2025, 0, 2, 8), Date.UTC(2025, 0, 15, 8)]],
  ])('a day above 12 says which number is the day: %s, %s', async (first, second, keys) => {
    const folder = fresh();
    const path = folder.file('a.csv', lines('time,fundingRate', first, second));
    await folder.import(path, ...BTC, '--zone', 'UTC', '--yes');
    expect(folder.stored((history) => [...history.settled(...ALL).key])).toEqual(keys);
  });

  test('a zone that a person says', async () => {
    const folder = fresh();
    await folder.import(folder.file('a.csv', lines('time,fundingRate', '2025-01-01 08:00:00,0.0001')), ...BTC, '--zone', '+08:00', '--yes');
    expect(folder.stored((history) => [...history.settled(...ALL).key])).toEqual([T]);
  });
});

describe('what a file leaves open is asked', () => {
  const ask = async (name: string, text: string, ...args: readonly string[]) => {
    const folder = fresh();
    const answer = await folder.import(folder.file(name, text), ...args, '--yes');
    expect(answer.adds).toBeNull();
    return answer.questions.map(({ field }) => FLAG_OF[field]);
  };
  test('the venue and the instrument', async () => {
    expect(await ask('a.csv', lines('time,fundingRate', `${T},0.0001`))).toEqual(['--venue', '--symbol']);
    expect(await ask('a.csv', lines('time,fundingRate', `${T},0.0001`), '--venue', 'binanc', '--symbol', 'X')).toEqual(['--venue']);
  });
  test('which number is the day', async () => {
    expect(await ask('a.csv', lines('time,fundingRate', '01/02/2025 08:00,0.0001'), ...BTC, '--zone', 'UTC')).toEqual(['--dates']);
    // Lines that contradict each other settle nothing.
    const both = lines('time,fundingRate', '15/02/2025 08:00,0.0001', '02/16/2025 08:00,0.0001');
    expect(await ask('a.csv', both, ...BTC, '--zone', 'UTC')).toEqual(['--dates']);
  });
  test('percent or decimal, by an unknown name, by sizes that belie a known one, and by mixed cells', async () => {
    expect(await ask('a.csv', lines('time,funding', `${T},0.0001`), ...BTC)).toEqual(['--rates']);
    expect(await ask('a.csv', lines('time,fundingRate', `${T},0.01`, `${T + H8},0.0085`), ...BTC)).toEqual(['--rates']);
    expect(await ask('a.csv', lines('time,fundingRate', `${T},0.01%`, `${T + H8},0.0085`), ...BTC)).toEqual(['--rates']);
  });
  test('which price a close is, and what open interest is counted in', async () => {
    expect(await ask('a.csv', lines('open_time,open,high,low,close', `${T},1,1,1,1`, `${T + HOUR_MS},1,1,1,1`), ...BTC)).toEqual([
      '--price',
    ]);
    expect(await ask('a.csv', lines('create_time,sum_open_interest', `${T},100`), ...BTC)).toEqual(['--open-interest']);
  });
  test('what a new instrument is, where its name does not say it', async () => {
    expect(await ask('a.csv', lines('time,fundingRate', `${T},0.0001`), '--venue', 'bybit', '--symbol', 'BTCUSD')).toEqual([
      '--quote',
      '--settle',
      '--asset',
    ]);
    expect(await ask('a.csv', lines('symbol,timestamp,fundingRate', `BTC/USDT:USDT,${T},0.0001`), '--venue', 'binance')).toEqual([
      '--symbol',
    ]);
  });
  test('two columns for one thing, and a column that is not there', async () => {
    expect(await ask('a.csv', lines('time,fundingRate,lastFundingRate', `${T},0.0001,0.0002`), ...BTC)).toEqual(['--map', '--map']);
    expect(await ask('a.csv', lines('time,fundingRate', `${T},0.0001`), ...BTC, '--map', 'mark=Mark')).toEqual(['--map']);
  });
});

describe('refused lines', () => {
  test('each with its number and reason; the others are taken', async () => {
    const folder = fresh();
    const rows = [
      ['time,fundingRate,mark_price,interval_h', null],
      [`${T},0.0001,97000,8`, null],
      [`x,0.0001,97000,8`, 'a time is a number since 1970'],
      [`${T + H8},zero,97000,8`, 'rate is a number, not "zero"'],
      [`45658.33,0.0001,97000,8`, 'is no time in seconds'],
      ['1.73569E+12,0.0001,97000,8', 'may have lost digits'],
      [`${T + 2 * H8},0.9,97000,8`, 'beyond 10 % per hour'],
      ['4102444800000,0.0001,97000,8', 'has not come yet'],
      ['1262304000000,0.0001,97000,8', 'before the first perpetual of 2016'],
      [`${T + 3 * H8},,,8`, 'there is no rate'],
      ['2025-02-30 08:00:00Z,0.0001,97000,8', 'is no day and time of the calendar'],
      [',0.0001,97000,8', 'there is no time'],
      [`"${T + 4 * H8},0.0001`, 'a quote (") is not closed'],
    ] as const;
    const path = folder.file('a.csv', rows.map(([row]) => row).join('\n'));
    const { code, answer } = await folder.json(path, ...BTC, '--yes');
    expect([code, answer.adds, answer.refused]).toEqual([1, 1, rows.length - 2]);
    for (const [i, [, reason]] of rows.entries())
      if (reason !== null)
        expect(answer.refusedLines.find(({ line }) => line === i + 1)?.reason ?? `line ${i + 1} is not refused`).toContain(reason);
    const saved = join(folder.dir, 'refused.csv');
    await folder.run(path, ...BTC, '--dry-run', '--refused', saved);
    expect(readFileSync(saved, 'utf8').trim().split('\n')).toHaveLength(rows.length - 1);
  });

  test('a mark of 0 costs itself, not the rate beside it', async () => {
    const folder = fresh();
    const answer = await folder.import(folder.file('a.csv', lines('time,fundingRate,markPrice', `${T},0.0001,0`)), ...BTC, '--yes');
    expect([answer.adds, answer.refused, answer.refusedLines[0]?.kept]).toEqual([1, 0, true]);
    expect(folder.stored((history) => history.settled(...ALL).mark[0])).toBeNaN();
  });
});

describe('nothing is overwritten', () => {
  test('another rate is a conflict, another mark is kept beside, what lacks is completed', async () => {
    const folder = fresh();
    const first = folder.file(
      'a.csv',
      lines('time,fundingRate,markPrice', `${T},0.0001,100`, `${T + H8},0.0002,`, `${T + 2 * H8},0.0003,`),
    );
    const second = folder.file(
      'b.csv',
      lines('time,fundingRate,markPrice', `${T},0.0001,101`, `${T + H8},0.0009,`, `${T + 2 * H8},0.0003,99`, `${T + 3 * H8},0.0004,98`),
    );
    await folder.import(first, ...BTC, '--yes');
    const answer = await folder.import(second, ...BTC, '--yes');
    expect([answer.adds, answer.known, answer.completed, answer.conflicts]).toEqual([1, 1, 1, 2]);
    const { rate, mark } = folder.stored((history) => history.settled(...ALL));
    expect([...rate]).toEqual([0.0001, 0.0002, 0.0003, 0.0004]);
    expect([...mark]).toEqual([100, NaN, 99, 98]);
    expect(
      folder.stored((history) => history.conflicts(0, Infinity).map(({ key, rate: kept, otherRate }) => [key, kept, otherRate])),
    ).toEqual([[T + H8, 0.0002, 0.0009]]);
    const again = await folder.import(second, ...BTC, '--yes');
    expect([again.adds, again.known, again.completed, again.conflicts]).toEqual([0, 4, 0, 0]);
  });

  test("the venue's own word takes the place of a file's rate from when it is learnt; the file's is the other word of a conflict", async () => {
    const folder = fresh();
    const path = folder.file('BTCUSDT.csv', `time,fundingRate,interval\n${T},0.0001,8\n${T + H8},0.0002,8\n`);
    await folder.import(path, ...BTC, '--yes');
    const history = new SqliteHistory({
      ...{ file: join(folder.data, 'history.sqlite'), kind: 'live', log: { write: () => undefined }, now: () => Date.now() },
    });
    const row = { stamp: T, rate: 0.0003, intervalH: 8, mark: null, premium: null };
    const learnt = Date.now() + 60_000;
    expect(history.recordSettled('binance:BTCUSDT', [row], learnt, null)).toMatchObject({ inserted: 0, conflicts: 1 });
    // A later word on something else keeps it.
    history.recordSettled('binance:BTCUSDT', [{ ...row, mark: 7 }], learnt + 1, null);
    // Another one of the venue's is a conflict as ever.
    history.recordSettled('binance:BTCUSDT', [{ ...row, rate: 0.0009 }], learnt + 2, null);
    history.close();
    const rates = (asOf: number | null) => folder.stored((one) => [...one.settled(...ALL, asOf).rate]);
    expect([rates(null), rates(learnt), rates(learnt - 1)]).toEqual([
      [0.0003, 0.0002],
      [0.0003, 0.0002],
      [0.0001, 0.0002],
    ]);
    const stored = folder.stored((one) => one.settled(...ALL));
    expect([stored.mark[0], stored.intervalH[0]]).toEqual([7, 8]);
    expect(folder.stored((one) => one.conflicts(0, Infinity).map(({ key, rate, otherRate }) => [key, rate, otherRate]))).toEqual([
      [T, 0.0003, 0.0001],
      [T, 0.0003, 0.0009],
    ]);
    expect(await folder.import(path, ...BTC, '--yes')).toMatchObject({ adds: 0, conflicts: 0, known: 2 });
  });

  test('two rates of one settlement in one file: the first stays, the other is a conflict; the dry run says the same', async () => {
    const folder = fresh();
    const path = folder.file('a.csv', lines('time,fundingRate', `${T},0.0001`, `${T + 31},0.0002`, `${T + 47},0.0001`));
    const counts = ({ adds, known, conflicts }: Record<'adds' | 'known' | 'conflicts', number | null>) => [adds, known, conflicts];
    expect(counts(await folder.import(path, ...BTC, '--dry-run'))).toEqual([1, 1, 1]);
    expect(counts(await folder.import(path, ...BTC, '--yes'))).toEqual([1, 1, 1]);
  });

  test('a row is not known before it was imported, and knows its file', async () => {
    const folder = fresh();
    const before = Date.now() - 1;
    await folder.import(folder.file('a.csv', lines('time,fundingRate', `${T},0.0001`)), ...BTC, '--yes');
    expect(folder.stored((history) => history.settled(...ALL, before).key.length)).toBe(0);
    const [at] = folder.stored((history) => [...history.settled(...ALL).learntAt]);
    expect(at).toBeGreaterThan(before);
    expect(folder.stored((history) => history.imports())).toMatchObject([{ name: 'a.csv', bytes: 38 }]);
  });
});

describe('kinds and forms', () => {
  test('a public dump in a zip says its instrument by its name, without a line of names', async () => {
    const folder = fresh();
    const zip = zipOf('BTCUSDT-fundingRate-2025-01.csv', lines(`${T}000,8,0.0001`, `${T + H8}000,8,0.0002`));
    const answer = await folder.import(folder.file('BTCUSDT-fundingRate-2025-01.zip', zip), '--venue', 'binance', '--yes');
    expect([answer.adds, answer.parts[0]?.instrument]).toEqual([2, 'binance:BTCUSDT']);
    expect(folder.stored((history) => [...history.settled(...ALL).rate])).toEqual([0.0001, 0.0002]);
  });

  test('candles: stored at their close, once an hour', async () => {
    const folder = fresh();
    const minutes = Array.from({ length: 120 }, (_, i) => `${T + i * 60_000},1,1,1,${100 + i},5,${T + i * 60_000 + 59_999}`);
    const path = folder.file('BTCUSDT-1m-2025-01-01.csv', lines('open_time,open,high,low,close,volume,close_time', ...minutes));
    const answer = await folder.import(path, '--venue', 'binance', '--price', 'mark', '--yes');
    expect([answer.adds, answer.refused]).toEqual([2, 0]);
    expect(answer.notes.join(' ')).toContain('118 prices between the hours are not kept');
    const { close, mark } = folder.stored((history) => history.prices(...ALL));
    expect([[...close], [...mark]]).toEqual([
      [T + HOUR_MS, T + 2 * HOUR_MS],
      [159, 219],
    ]);
  });

  test("ccxt's candles and rates as JSON", async () => {
    const folder = fresh();
    const candles = folder.file(
      'c.json',
      JSON.stringify([
        [T, 1, 1, 1, 100, 5],
        [T + HOUR_MS, 1, 1, 1, 101, 5],
      ]),
    );
    expect((await folder.import(candles, ...BTC, '--price', 'index', '--yes')).adds).toBe(2);
    expect(folder.stored((history) => [...history.prices(...ALL).index])).toEqual([100, 101]);
    const rates = [0, 1].map((i) => ({
      info: { x: 1 },
      symbol: 'BTC/USDT:USDT',
      fundingRate: 0.0001 * (i + 1),
      timestamp: T + i * H8,
      datetime: 'x',
    }));
    const answer = await folder.import(folder.file('r.json', JSON.stringify(rates)), ...BTC, '--yes');
    expect([answer.adds, answer.notes.join(' ')]).toEqual([2, expect.stringContaining('BTC/USDT:USDT is BTCUSDT')]);
  });

  test('open interest of a file is read by metrics at the hours of which none was observed, as of when it was imported', async () => {
    const folder = fresh();
    const write = (name: string, head: string, ...rows: string[]) => folder.file(name, [head, ...rows, ''].join('\n'));
    await folder.import(write('r.csv', 'time,fundingRate,interval', `${T},0.0001,8`), ...BTC, '--yes');
    const closes = write('p.csv', 'close_time,close', `${T + HOUR_MS},100`, `${T + 2 * HOUR_MS},100`);
    await folder.import(closes, ...BTC, '--price', 'mark', '--yes');
    const before = Date.now();
    // Five-minute rows: the hour has its last one; the second hour has none.
    const interest = write('oi.csv', 'create_time,sum_open_interest', `${T + HOUR_MS - 300_000},40`, `${T + HOUR_MS},50`);
    await folder.import(interest, ...BTC, '--open-interest', 'base', '--yes');
    const args = ['metrics', '--metric', 'funding-money', '--param', 'per=interval', ...BTC, '--data-dir', folder.data, '--json'];
    const values = async (...more: readonly string[]) => {
      let out = '';
      const io = {
        read: () => Promise.reject(new Error('nothing is read')),
        out: (text: string) => void (out += text),
        err: () => undefined,
      };
      await run([...args, ...more], io);
      const { data } = JSON.parse(out) as { data: { time: number; value: number | null; reason: string | null }[] };
      return data
        .filter(({ time }) => time > T)
        .slice(0, 2)
        .map(({ value, reason }) => value ?? reason);
    };
    expect(await values()).toEqual([expect.closeTo(0.0001 * 50 * 100, 12), 'no-open-interest']);
    expect(await values('--as-of', String(before - 1))).not.toContain(0.5);
  });

  test('open interest in contracts of a known size and in money is told in the unit of the price', async () => {
    const folder = fresh();
    const rows = lines(
      'create_time,symbol,sum_open_interest,mark_price',
      `2025-01-01 00:05:00,BTCUSDT,200,100`,
      `2025-01-01 00:10:00,BTCUSDT,300,100`,
    );
    const path = folder.file('BTCUSDT-metrics-2025-01-01.csv', rows);
    const answer = await folder.import(path, '--venue', 'binance', '--open-interest', 'quote', '--map', 'mark=mark_price', '--yes');
    expect(answer.parts.map(({ kind }) => kind)).toEqual(['interest']);
    expect(folder.stored((history) => [...history.interest(...ALL).value])).toEqual([2, 3]);
  });

  test('gzip, a byte order mark, semicolons, tabs and lone carriage returns', async () => {
    const folder = fresh();
    const text = lines('time,fundingRate', `${T},0.0001`, `${T + H8},0.0002`);
    const files = [
      folder.file('a.csv.gz', gzipSync(text)),
      folder.file('b.csv', `\uFEFF${text.replaceAll(',', ';').replaceAll('\n', '\r\n')}`),
      folder.file('c.tsv', text.replaceAll(',', '\t').replaceAll('\n', '\r')),
      folder.file('d.csv', text.replaceAll(/^(.*?),(.*)$/gmu, '"$1","$2"')),
    ];
    for (const [i, path] of files.entries()) {
      const answer = await folder.import(path, '--venue', 'binance', '--symbol', `C${i}USDT`, '--yes');
      expect([answer.adds, answer.refused]).toEqual([2, 0]);
    }
  });

  test.each([
    ['nothing', 'a.csv', '', 'holds nothing'],
    ['a cut zip', 'a.zip', Buffer.from('PK\u0003\u0004xx', 'latin1'), 'cut off'],
    ['a cut gzip', 'a.gz', gzipSync('time,fundingRate\n').subarray(0, 20), 'cut off or damaged'],
    ['a damaged Parquet', 'a.parquet', 'PAR1xxxxxxxxPAR1', 'This Parquet file cannot be read'],
    ['JSON that is cut off', 'a.json', '[{"a":1},', 'This begins as JSON and is none'],
    ['an image', 'a.csv', Buffer.from([137, 80, 78, 71, 0, 0, 0, 1]), 'This is no text'],
    ['Latin-1', 'a.csv', Buffer.from('time,fundingRate,n\n1,2,\xe9\n', 'latin1'), 'This is not UTF-8'],
  ])('%s is refused in a sentence', async (_, name, content, said) => {
    const folder = fresh();
    expect((await folder.import(folder.file(name, content), ...BTC, '--yes')).fault).toContain(said);
  });
});

describe('our own exports', () => {
  const exported = async (folder: ImportFolder, kind: string, out: string): Promise<void> => {
    const io = { read: () => Promise.reject(new Error('not read')), out: () => undefined, err: () => undefined };
    expect(await run(['export', '--data-dir', folder.data, ...BTC, '--kind', kind, '--out', out], io)).toBe(0);
  };

  test.each(['csv', 'jsonl', 'parquet'])('%s: exported and imported, equal field by field', async (format) => {
    const [from, into] = [fresh(), fresh()];
    const rows = Array.from({ length: 50 }, (_, i) => `${T + i * H8 + (i % 3)},${(i - 25) / 7e5},${i === 3 ? '' : 97_000.1 + i / 3}`);
    await from.import(from.file('a.csv', lines('time,fundingRate,markPrice', ...rows)), ...BTC, '--yes');
    const closes = Array.from({ length: 50 }, (_, i) => `${T + i * HOUR_MS},${100 + i / 7},${i % 2 === 0 ? '' : 100 + i / 9}`);
    await from.import(from.file('p.csv', lines('time,markPrice,indexPrice', ...closes)), ...BTC, '--yes');
    for (const kind of ['settled', 'prices']) {
      const out = join(into.dir, `${kind}.${format}`);
      await exported(from, kind, out);
      expect(await into.import(out, ...BTC, '--yes')).toMatchObject({ adds: 50, refused: 0, conflicts: 0 });
    }
    const read = (folder: ImportFolder) =>
      folder.stored((history) => {
        // When each was learnt is another moment by nature.
        const settled = { ...history.settled(...ALL), learntAt: null };
        const prices = { ...history.prices(...ALL), learntAt: null };
        return { settled, prices };
      });
    expect(read(into)).toEqual(read(from));
    expect(read(into).settled.key.length + read(into).prices.close.length).toBe(100);
  });
});

test('without --yes nothing is written, and the answer says so', async () => {
  const folder = fresh();
  const { code, out, err } = await folder.run(folder.file('a.csv', lines('time,fundingRate', `${T},0.0001`)), ...BTC);
  expect([code, err]).toEqual([1, 'Nothing is written. Say --yes to import it.\n']);
  expect(out).toContain('adds 1, known 0, conflicts 0, refused 0');
  expect(folder.stored((history) => history.instruments())).toEqual([]);
});

test.each([
  [[], 'Name a file to import'],
  [['nowhere.csv'], 'there is no such file'],
  [['a', '--map', 'rat=x'], 'Did you mean rate=...?'],
  [['a', '--interval', '8x'], '--interval is stated, derived or 1 to 24 hours'],
  [['a', '--dates', 'mixed'], '--dates is one of day-first, month-first'],
])('%j is put right in a sentence', async (args, said) => {
  const { code, err } = await fresh().run(...args);
  expect([code, err]).toEqual([2, expect.stringContaining(said)]);
});

describe('watchlists', () => {
  const read = async (folder: ImportFolder, ...args: readonly string[]) => {
    const { code, out } = await folder.run(...args, '--json');
    return { code, data: (JSON.parse(out) as { data: { written: boolean; files: ListLook[] } }).data };
  };

  test('into the lists of a folder that knows the instruments: dry first, then with --yes; again nothing is new', async () => {
    const folder = fresh();
    await folder.import(folder.file('BTCUSDT.csv', `time,fundingRate,interval\n${T},0.0001,8\n`), ...BTC, '--yes');
    const path = folder.file('Alts.txt', '###One,BINANCE:BTCUSDT.P,\nNASDAQ:AAPL');
    const dry = await read(folder, path, '--dry-run');
    expect([dry.code, dry.data.written, dry.data.files[0]?.words]).toEqual([1, false, 'adds 1, known 0, refused 1']);
    expect(dry.data.files[0]?.refused).toMatchObject([{ entry: 2, line: 2 }]);
    const done = await read(folder, path, '--yes', '--list', 'Majors');
    expect(done.data.files[0]).toMatchObject({
      words: 'added 1, known 0, refused 1',
      lists: [{ name: 'Majors', isNew: false, sections: ['One'] }],
    });
    expect((await read(folder, path, '--yes', '--list', 'majors')).data.files[0]?.words).toBe('added 0, known 1, refused 1');
    const table = folder.file('t.csv', `time,fundingRate\n${T},0.0001\n`);
    expect((await folder.run(table, ...BTC, '--list', 'x')).err).toContain('--list is for files of watchlists');
  });
});
