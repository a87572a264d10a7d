/** What a file is: read for what it says, refused where it cannot be what it is taken for. */
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeText, readTextFile } from '../../../src/cli/text-file.ts';
import { run } from '../../../src/cli/run.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1);

interface Asked {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly values: () => (number | null)[];
  readonly times: () => number[];
  readonly notes: () => string[];
}

/** The command over what the reader of files gives: text, or a file of this machine. */
async function ask(read: (file: string | null) => Promise<string>, file: string, metric: string, ...args: string[]): Promise<Asked> {
  let [out, err] = ['', ''];
  const code = await run(['metrics', '--file', file, '--metric', metric, '--json', ...args], {
    read,
    out: (text) => (out += text),
    err: (text) => (err += `${text}\n`),
  });
  const all = () => JSON.parse(out) as { data: { time: number; value: number | null }[] | null; notes: string[] };
  const rows = () => all().data ?? [];
  return {
    code,
    // A refusal has the envelope, and nothing in it.
    out: all().data === null ? '' : out,
    err,
    values: () => rows().map(({ value }) => value),
    times: () => rows().map(({ time }) => time),
    notes: () => all().notes,
  };
}
const over = (text: string, metric = 'total-funding', ...args: string[]) => ask(() => Promise.resolve(text), 'a.csv', metric, ...args);

describe('names that exchanges and programs give to the columns', () => {
  test.each([
    ['a public dump', 'calc_time,funding_interval_hours,last_funding_rate', `${START + 1},8,0.0001`],
    ['a raw answer', 'symbol,fundingTime,fundingRate,markPrice', `BTCUSDT,${START + 1},0.0001,93000`],
    ['a web export', '"Time","Contracts","Funding Interval","Funding Rate"', '"2026-01-01 00:00:00","BTCUSDT Perpetual","8h","0.01%"'],
    ['a program', 'timestamp,datetime,symbol,fundingRate,interval', `${START},2026-01-01T00:00:00.000Z,BTC/USDT:USDT,0.0001,8h`],
    ['percent in the name', 'date;Funding Rate (%);Interval', '2026-01-01 00:00;0.01;480 min'],
    ['seconds', 'time,rate', `${START / 1000},0.0001`],
    ['microseconds', 'time,rate', `${START * 1000},0.0001`],
  ])('%s', async (_, header, row) => {
    const { code, values, times } = await over(`${header}\n${row}\n`);
    expect([code, values(), times()]).toEqual([0, [0.0001], [START]]);
  });

  test('how times, rates and units were understood is said, in the JSON as beside it', async () => {
    const { err, notes } = await over('Time,Funding Rate\n2026-01-01 08:00,0.01%\n2026-01-01 00:00,0.02%');
    expect(notes()).toEqual([
      'a.csv: its times say no zone and are read as UTC. If they are in another one, say so: --zone +08:00.',
      'a.csv: its rates are percent: 0.01 is read as 0.0001.',
    ]);
    expect(err).toBe(notes().map((note) => `${note}\n`).join('')); // prettier-ignore
    expect((await over(`time,rate\n${START / 1000},0.0001`)).notes()).toEqual([
      'a.csv: its times are read as seconds since 1970, by their size.',
    ]);
    expect((await over('time,rate\n2026-01-01T00:00Z,0.0001')).notes()).toEqual([]);
  });

  test('percent loses no digit', async () => {
    expect((await over(`ts_ms,rate\n${START},0.003694%`)).values()).toEqual([0.00003694]);
    expect((await over(`ts_ms,rate\n${START},-1.2e-3 %`)).values()).toEqual([-0.000012]);
  });

  test('--zone says where times without one are from; a time with its own keeps it', async () => {
    const text = 'time,rate\n2026-01-01 08:00,0.0001\n';
    expect((await over(text, 'total-funding', '--zone', '+08:00')).times()).toEqual([START]);
    expect((await over(text, 'total-funding', '--zone', '+08:00')).notes()).toEqual([]);
    expect((await over(text, 'total-funding', '--zone', 'UTC')).notes()).toEqual([]);
    expect((await over('time,rate\n2026-01-01T02:30:00+0230,1e-4', 'total-funding', '--zone=-05:00')).times()).toEqual([START]);
    const wrong = await over(text, 'total-funding', '--zone', 'Berlin');
    expect([wrong.code, wrong.err]).toEqual([2, '--zone is UTC or hours and minutes from it, such as +08:00, not "Berlin".\n']);
  });

  test('of several instruments the one that is asked for', async () => {
    const rows = [0, 8, 16].flatMap((h) => [`TAOUSDT,${START + h * HOUR},0.0001`, `TAGUSDT,${START + h * HOUR},0.0005`]);
    const text = ['symbol,ts_ms,rate', ...rows].join('\n');
    const { values, notes } = await over(text, 'total-funding', '--venue', 'binance', '--symbol', 'TAGUSDT');
    expect(values()).toEqual([0.0005, 0.001, 0.0015]);
    expect(notes()).toEqual(['a.csv: it holds 2 instruments; 3 rows are of TAGUSDT.']);
    const other = await over(text, 'total-funding', '--venue', 'binance', '--symbol', 'BTCUSDT');
    expect([other.code, other.err]).toEqual([
      2,
      expect.stringContaining('TAOUSDT, TAGUSDT, none of them BTCUSDT. Say which with --symbol TAOUSDT'),
    ]);
    const one = await over(text.replaceAll(/^TAGUSDT.*\n?/gmu, ''), 'total-funding', '--venue', 'binance', '--symbol', 'BTCUSDT');
    expect(one.err).toContain('a.csv: it says that it is of TAOUSDT, asked for as BTCUSDT.');
  });
});

describe('a file that cannot be what it is taken for is refused', () => {
  const head = 'ts_ms,rate,interval_h';
  test.each([
    ['without a header', `${START},8,0.0001\n${START + 8 * HOUR},8,0.0001`, 'a.csv has no header line; its first line is'],
    ['of candles', 'open_time,open,high,low,close\n1,2,3,4,5', 'It looks like candles, which hold no settlements.'],
    ['of candles without a header', `${START},93500.1,93600,93400.2,93555.5,120.5,1`, 'a.csv has no header line'],
    [
      'of two symbols',
      `symbol,${head}\nA,${START},1e-4,8\nB,${START},1e-4,8`,
      'a.csv holds the settlements of several instruments: A, B. Say which',
    ],
    [
      'of two coins without a column that says so',
      `ts_ms,rate\n${[0, 8, 16].map((h) => `${START + h * HOUR},1e-4\n${START + h * HOUR},5e-4`).join('\n')}`,
      'a.csv has two different rates at 3 of its 3 settlements: it seems to hold several instruments.',
    ],
    ['with decimal commas', `${head}\n${START},0,0001,8`, 'a.csv, line 2 has 4 cells, the first line names 3 columns'],
    [
      'with thousands between commas',
      `ts_ms,rate,mark_price\n${START},0.0001,97,201.10`,
      'A comma inside a number? Write 0.0001 and 97201.1',
    ],
    [
      'with decimal commas between semicolons',
      `ts_ms;rate\n${START};0,0001`,
      'a.csv, line 2: rate is a number, not "0,0001". Write 0.0001.',
    ],
    [
      'with quoted thousands',
      `ts_ms,rate,mark_price\n${START},1e-4,"97,201.10"`,
      'mark_price is a number, not "97,201.10". Write 97201.10.',
    ],
    ['with thousands or a decimal comma', `ts_ms;rate;mark_price\n${START};1e-4;97,201`, 'Write 97201 or 97.201.'],
    ['with a quote that never closes', `${head}\n${START},"0.0001,8`, 'a quote (") is not closed'],
    [
      'with a day that is none',
      'time,rate\n2026-02-30 08:00,1e-4',
      'a.csv, line 2: "2026-02-30 08:00" is no day and time of the calendar.',
    ],
    ['with an American day', 'time,rate\n02/03/2026 08:00,1e-4', 'a time is a number since 1970 or written as 2026-01-31 08:00:00'],
    [
      'with times in two units',
      `time,rate\n${START},1e-4\n${START / 1000},1e-4`,
      'a.csv, line 3: the time is in seconds, those before in milliseconds',
    ],
    [
      'with rates in two units',
      `${head}\n${START},0.01%,8\n${START + 8 * HOUR},0.0001,8`,
      'a.csv, line 3: rates with and without % stand in one column',
    ],
    [
      'with two columns of rates',
      `ts_ms,fundingRate,realizedRate\n${START},1e-4,1e-4`,
      'two columns that may be rate: fundingRate and realizedRate',
    ],
    ['with a number of a million digits', `${head}\n${START},${'1'.repeat(1e6)},8`, 'rate is a number, not'],
  ])('%s', async (_, text, said) => {
    const { code, out, err } = await over(text);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(said);
    expect(err.length).toBeLessThan(500);
  });

  test('an interval of more than a day is none', async () => {
    const { values, notes } = await over(`ts_ms,rate,interval_h\n${START},0.0001,480`, 'funding');
    expect(values()).toEqual([null]);
    expect(notes()).toContain(
      'a.csv: 1 cell is taken as not there: interval_h, mark_price, index_price, open_interest are above 0, and an interval is at most 24 hours.',
    );
  });

  test('a last line that may have been cut off is told of', async () => {
    const text = `ts_ms,rate,interval_h\n${START},0.0001,8\n${START + 8 * HOUR},0.00`;
    expect((await over(text)).notes()).toEqual([
      'a.csv: its last line has fewer cells than the one before it and no end: the file may have been cut off there.',
    ]);
    expect((await over(`${text}\n`)).notes()).toEqual([]);
  });

  test('empty cells at the end of a line are no further columns', async () => {
    expect((await over(`ts_ms,rate\n${START},0.0001,,\n`)).values()).toEqual([0.0001]);
  });
});

describe('bytes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perpscope-files-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.csv');
  const text = `"ts_ms";"rate"\r\n"${START}";"0.0001"\r\n`;

  test.each([
    ['UTF-16, little end first', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16, big end first', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['UTF-8 with its mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-8', Buffer.from(text)],
  ])('%s is read', async (_, bytes) => {
    writeFileSync(file, bytes);
    expect((await ask(readTextFile, file, 'total-funding')).values()).toEqual([0.0001]);
  });

  test.each([
    ['UTF-16 without its mark', Buffer.from(text, 'utf16le'), 'UTF-16 without its mark'],
    ['Latin-1', Buffer.from(`ts_ms,rate,s\n${START},0.0001,caf\u00e9`, 'latin1'), 'This is not UTF-8. Save it as UTF-8.'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x74, 0, 0, 0]), 'This is no text'],
    ['an archive', Buffer.from('PK\x03\x04\x00\x00'), 'This is no text'],
  ])('%s is told', async (_, bytes, said) => {
    expect(() => decodeText(bytes)).toThrow(said);
    writeFileSync(file, bytes);
    const { code, err } = await ask(readTextFile, file, 'total-funding');
    expect([code, err]).toEqual([2, expect.stringContaining(`${file} cannot be read: `)]);
  });

  test('more than 512 MB are refused before they are read', async () => {
    writeFileSync(file, text);
    // A hole: the disk holds nothing of it.
    truncateSync(file, 600 * 1024 * 1024);
    const { code, err } = await ask(readTextFile, file, 'total-funding');
    expect(code).toBe(2);
    expect(err).toBe(`${file} cannot be read: It has 600 MB; at most 512 MB are read at once. Split it by time and give a part.\n`);
  });
});

const cases = resolve(import.meta.dirname, '../../../../shared/cases/files');
if (!existsSync(cases)) console.warn(`Skipping files that others wrote: ${cases} is not there.`);

describe.skipIf(!existsSync(cases))('files that others wrote', () => {
  const read = (name: string, metric = 'total-funding') => ask(readTextFile, join(cases, name), metric);

  test('an exchange page: percent, newest first, no zone', async () => {
    const { values, notes } = await read('exchange-web-export.csv');
    expect(values()[0]).toBe(0.00002793);
    expect(values().at(-1)).toBeCloseTo(0.00014569, 15);
    expect(notes().join()).toContain('no zone');
  });
  test('a public dump', async () => {
    expect((await read('public-dump.csv')).values().at(-1)).toBeCloseTo(0.00005456 + 0.00007345 + 0.0001 + 0.00006012 + 0.0000877, 15);
  });
  test('UTF-16', async () => expect((await read('utf16.csv')).values()).toEqual([0.0001, 0.00005]));
  test.each(['no-header.csv', 'klines.csv', 'comma-decimal-comma.csv', 'thousands-unquoted.csv', 'two-symbols.csv'])(
    '%s is refused',
    async (name) => {
      const { code, out } = await read(name);
      expect([code, out]).toEqual([2, '']);
    },
  );
});
