import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SettledPage, VenueFiles } from '#core/venue.ts';
import { createBinanceCoinM } from '#node/venues/binance/coin-m.ts';
import { serveBinanceFiles } from '#node/venues/binance/fake.ts';
import { monthOf } from '#node/venues/binance/files.ts';
import { parseFundingCsv } from '#node/venues/binance/funding-csv.ts';
import { createBinance } from '#node/venues/binance/usd-m.ts';
import { zipOf } from '#node/venues/common/zip.ts';
import { inWorkers } from '#node/venues/worker/in-worker.ts';
import { at } from '#test/support/at.ts';
import { type FakeExchange, startFakeExchange } from '#test/support/fake-exchange.ts';
import { filesIoOf } from '#test/support/venue-io.ts';
import { DEFLATED, DEFLATED_SUM, FILE, STORED, TEXT } from '#test/support/zips.ts';

/**
 * Form of the files: https://github.com/binance/binance-public-data (address, .CHECKSUM) and the names of the columns in the files themselves:
 * calc_time in epoch ms, or microseconds, a few ms late like fundingTime; funding_interval_hours; last_funding_rate as a decimal.
 */
const HOUR = 3_600_000;
const FEBRUARY = monthOf(Date.UTC(2024, 1, 1));
const NOW = Date.UTC(2024, 5, 20, 13);

test('a month is all of its settlements: its first instant is its own, that of the next is not', () => {
  expect(FEBRUARY).toEqual({ name: '2024-02', from: Date.UTC(2024, 1, 1) - 1, to: Date.UTC(2024, 2, 1) - 1 });
  expect(monthOf(Date.UTC(2024, 11, 31, 23, 59, 59, 999)).to).toBe(Date.UTC(2025, 0, 1) - 1);
});

describe('rows', () => {
  const line = (day: number, hour: number, hours: number, rate = '0.00010000'): string =>
    `${Date.UTC(2024, 1, day, hour) + 3},${hours},${rate}\n`;
  const month = (hours: number): string =>
    Array.from({ length: (29 * 24) / hours }, (_, i) => line(1 + Math.floor((i * hours) / 24), (i * hours) % 24, hours)).join('');
  const read = (text: string): SettledPage => parseFundingCsv(text, 'BTCUSDT', FEBRUARY, NOW);

  test('each has its time, its rate and the interval that the file states', () => {
    expect(read(TEXT).rows).toEqual([
      { stamp: 1_706_745_600_000, rate: 0.00030409, intervalH: 8, mark: null, premium: null },
      { stamp: 1_706_774_400_002, rate: 0.00022735, intervalH: 8, mark: null, premium: null },
      { stamp: 1_706_803_200_000, rate: -0.00002101, intervalH: 8, mark: null, premium: null },
    ]);
  });
  test('with or without the names of the columns, in milliseconds or microseconds, the same', () => {
    const [, ...lines] = TEXT.trim().split('\n');
    const micro = lines.map((one) => one.replace(/^\d+/u, '$&123'));
    for (const text of [
      lines.join('\n'),
      lines.join('\r\n'),
      `\u{feff}${TEXT}`,
      micro.join('\n'),
      [TEXT.split('\n')[0], ...micro].join('\n'),
    ])
      expect(read(text), text).toEqual(read(TEXT));
  });
  test('a whole month is proven from end to end; one that begins or ends in it, from its first row to its last', () => {
    for (const hours of [1, 4, 8]) expect(read(month(hours)).proven).toEqual({ from: FEBRUARY.from, to: FEBRUARY.to });
    // Listed on the 10th: whether it paid before, the file does not say.
    const listed = month(8).split('\n').slice(27).join('\n');
    expect(read(listed).proven).toEqual({ from: Date.UTC(2024, 1, 10) + 2, to: FEBRUARY.to });
    const delisted = month(8).split('\n').slice(0, 30).join('\n');
    expect(read(delisted).proven).toEqual({ from: FEBRUARY.from, to: Date.UTC(2024, 1, 10, 16) + 3 });
    expect(read('calc_time,funding_interval_hours,last_funding_rate\n')).toEqual({ rows: [], refused: [], proven: null });
  });
  test('at a change the interval that was paid for is told by the distance, where the file states the one that begins', () => {
    const text = [line(1, 0, 8), line(1, 8, 4), line(1, 12, 4), line(1, 16, 4), line(2, 0, 8)].join('');
    expect(read(text).rows.map(({ intervalH }) => intervalH)).toEqual([8, null, 4, 4, 8]);
  });
  test('a row that cannot be is refused with its reason, and what lies round it is not proven', () => {
    const text = month(8).replace(line(10, 8, 8), `${Date.UTC(2024, 1, 10, 8) + 3},8,9.5\n`);
    const { rows, refused, proven, open } = read(text);
    expect(rows).toHaveLength(86);
    expect(refused).toMatchObject([
      { symbol: 'BTCUSDT', reason: expect.stringContaining('row 29 of its file of 2024-02: rate 9.5') as string },
    ]);
    expect({ proven, open }).toEqual({
      proven: { from: FEBRUARY.from, to: FEBRUARY.to },
      open: [{ from: Date.UTC(2024, 1, 10) + 3, to: Date.UTC(2024, 1, 10, 8) + 3 }],
    });
    for (const [spoilt, reason] of [
      ['1709251200000,8,0.0001', '1709251200000 is not of that month'],
      ['soon,8,0.0001', 'no time'],
      ['1706832000000,8,', 'no rate'],
      ['1706832000000,0,0.0001', 'no interval'],
      ['1706745600000,8,0.0001', 'told of twice'],
    ] as const)
      expect(read(`${TEXT}${spoilt}\n`).refused, spoilt).toMatchObject([{ reason: expect.stringContaining(reason) as string }]);
    // Rows in any order are the same rows.
    const [head = '', ...lines] = TEXT.trim().split('\n');
    expect(read([head, ...lines.toReversed()].join('\n')).rows).toEqual(read(TEXT).rows);
  });
  test('a file of something else is none', () => {
    for (const text of ['', 'open_time,open,high,low\n1,2,3,4\n', '"', '<html></html>'])
      expect(() => read(text), text).toThrow(expect.objectContaining({ name: 'FileError' }) as Error);
  });
});

describe('asked for', () => {
  let server: FakeExchange;
  beforeEach(async () => void (server = await startFakeExchange()));
  afterEach(() => server.close());

  const files = (): VenueFiles => {
    const { files: own } = createBinance();
    if (own === undefined) throw new Error('no files');
    return own;
  };
  const folder = '/data/futures/um/monthly/fundingRate/BTCUSDT';
  const walk = async (from: number, to: number, of = files(), symbol = 'BTCUSDT', now = NOW): Promise<SettledPage[]> => {
    const pages: SettledPage[] = [];
    for await (const page of of.settled(
      filesIoOf(of, server.url, () => now),
      symbol,
      from,
      to,
    ))
      pages.push(page);
    return pages;
  };
  const every8h = (from: number, to: number) =>
    Array.from({ length: (to - from) / (8 * HOUR) }, (_, i) => ({ stamp: from + i * 8 * HOUR + (i % 5), rate: `0.000${100 + i}` }));

  test('a file of another program with its checksum: the file that its address says', async () => {
    server.route('GET', `${folder}/${FILE}`, () => DEFLATED);
    server.route('GET', `${folder}/${FILE}.CHECKSUM`, () => `${DEFLATED_SUM}  ${FILE}\n`);
    const [page] = await walk(FEBRUARY.from, FEBRUARY.to);
    expect(page?.rows.map(({ rate }) => rate)).toEqual([0.00030409, 0.00022735, -0.00002101]);
  });
  test('a mirror that holds the files without their checksums: a zip has a sum of its own', async () => {
    server.route('GET', `${folder}/${FILE}`, () => DEFLATED);
    const [page] = await walk(FEBRUARY.from, FEBRUARY.to);
    expect(page?.rows.map(({ rate }) => rate)).toEqual([0.00030409, 0.00022735, -0.00002101]);
    const changed = Buffer.from(STORED);
    changed[120] = (changed[120] ?? 0) ^ 1;
    server.route('GET', `${folder}/${FILE}`, () => changed);
    expect(await walk(FEBRUARY.from, FEBRUARY.to)).toMatchObject([
      { rows: [], refused: [{ reason: expect.stringContaining('not what it was packed as') as string }] },
    ]);
  });
  test('months from the newest to the oldest; one that is not published proves nothing and ends nothing', async () => {
    const history = { BTCUSDT: every8h(Date.UTC(2024, 0, 1), Date.UTC(2024, 5, 1)) };
    serveBinanceFiles(server, history, { lacks: ['2024-03'] });
    const pages = await walk(Date.UTC(2024, 0, 15), Date.UTC(2024, 4, 20));
    expect(pages.map(({ proven }) => proven && new Date(proven.from + 1).toISOString().slice(0, 10))).toEqual([
      '2024-05-01',
      '2024-04-01',
      null,
      '2024-02-01',
      '2024-01-01',
    ]);
    expect(pages.flatMap(({ refused }) => refused)).toEqual([]);
    const rates = pages.flatMap(({ rows }) => rows.map(({ stamp, rate }) => [stamp, rate] as const)).sort(([a], [b]) => a - b);
    expect(rates).toEqual(
      history.BTCUSDT.filter(({ stamp }) => monthOf(stamp).name !== '2024-03').map(({ stamp, rate }) => [stamp, Number(rate)]),
    );
  });
  test('the month in progress is never asked for', () => {
    expect(files().until(NOW)).toBe(Date.UTC(2024, 5, 1) - 1);
    expect(files().until(Date.UTC(2024, 5, 1))).toBe(Date.UTC(2024, 5, 1) - 1);
  });
  test('a file that is cut, changed, too large or a bomb costs its month, says why, and stores nothing', async () => {
    const bomb = zipOf(FILE, '1'.repeat(40_000_000));
    const sumOf = (zip: Buffer): string => `${createHash('sha256').update(zip).digest('hex')}  ${FILE}\n`;
    const other = Buffer.from(DEFLATED);
    other[60] = (other[60] ?? 0) ^ 1;
    for (const [zip, sum, why] of [
      [other, `${DEFLATED_SUM}  ${FILE}\n`, 'its checksum is another one'],
      [DEFLATED.subarray(0, 200), `${DEFLATED_SUM}  ${FILE}\n`, 'its checksum is another one'],
      [DEFLATED.subarray(0, 200), sumOf(DEFLATED.subarray(0, 200)), 'no zip, or one that is cut off'],
      [DEFLATED, `${DEFLATED_SUM}  ETHUSDT-fundingRate-2024-02.zip\n`, 'its .CHECKSUM is not one of it'],
      [DEFLATED, 'Not Found', 'its .CHECKSUM is not one of it'],
      [bomb, sumOf(bomb), 'a zip that unpacks to more than'],
      [Buffer.alloc(600_000), sumOf(Buffer.alloc(600_000)), 'larger than'],
    ] as const) {
      server.route('GET', `${folder}/${FILE}`, () => zip);
      server.route('GET', `${folder}/${FILE}.CHECKSUM`, () => sum);
      const pages = await walk(FEBRUARY.from, FEBRUARY.to);
      expect(pages, why).toMatchObject([
        { rows: [], proven: null, refused: [{ symbol: 'BTCUSDT', reason: expect.stringContaining(why) as string }] },
      ]);
    }
  });
  test('a server that fails or refuses is a failure of the server, not of the file', async () => {
    serveBinanceFiles(server, { BTCUSDT: every8h(Date.UTC(2024, 1, 1), Date.UTC(2024, 2, 1)) });
    for (const [status, kind] of [
      [451, 'blocked'],
      [403, 'blocked'],
      [503, 'server'],
      [429, 'rate-limited'],
    ] as const) {
      server.fail({ kind: 'status', status });
      await expect(walk(FEBRUARY.from, FEBRUARY.to), String(status)).rejects.toMatchObject({ kind });
    }
    server.fail({ kind: 'html' });
    await expect(walk(FEBRUARY.from, FEBRUARY.to)).rejects.toMatchObject({ kind: 'malformed' });
    server.fail({ kind: 'cut' }, { path: `${folder}/${FILE}` });
    await expect(walk(FEBRUARY.from, FEBRUARY.to)).rejects.toMatchObject({ kind: 'network' });
    expect((await walk(FEBRUARY.from, FEBRUARY.to))[0]?.rows).toHaveLength(87);
  });
  test('COIN-M has its own folder, and the worker reads the same', async () => {
    const history = { BTCUSD_PERP: every8h(Date.UTC(2024, 1, 1), Date.UTC(2024, 2, 1)) };
    serveBinanceFiles(server, history, { api: '/dapi/v1', header: false, unit: 'us' });
    const venue = createBinanceCoinM();
    const [worked] = inWorkers([venue]);
    try {
      for (const own of [venue.files, worked?.files]) {
        if (own === undefined) throw new Error('no files');
        const [page] = await walk(FEBRUARY.from, FEBRUARY.to, own, 'BTCUSD_PERP');
        expect(at(page?.rows ?? [], 86)).toEqual({
          stamp: Date.UTC(2024, 1, 29, 16) + 1,
          rate: 0.000186,
          intervalH: 8,
          mark: null,
          premium: null,
        });
      }
    } finally {
      await worked?.close();
    }
    expect(server.requests[0]?.path).toBe('/data/futures/cm/monthly/fundingRate/BTCUSD_PERP/BTCUSD_PERP-fundingRate-2024-02.zip');
  });
});
