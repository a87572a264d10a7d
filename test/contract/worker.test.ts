import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from 'vitest';
import type { Venue, VenueIo } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import { createVenues } from '#node/venues/index.ts';
import { inWorkers, type VenueInWorker } from '#node/venues/worker/in-worker.ts';
import { body } from '#test/support/bodies.ts';
import { createIo, DAY, NOW, VENUES } from '../unit/node/demo/support.ts';

const here = createVenues();
const apart: VenueInWorker[] = inWorkers(createVenues());
const find = <V extends Venue>(venues: readonly V[], id: string): V => {
  const venue = venues.find((one) => one.id === id);
  if (!venue) throw new Error(`no venue ${id}`);
  return venue;
};
afterAll(async () => {
  await Promise.all(apart.map((venue) => venue.close()));
});

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const got: T[] = [];
  for await (const page of pages) got.push(page);
  return got;
}

describe.each(VENUES)('%s answers the same from its worker', (id) => {
  const io = createIo(1, id);
  const both = async (ask: (venue: Venue) => Promise<unknown>): Promise<unknown> => {
    const answer = await ask(find(apart, id));
    expect(answer).toEqual(await ask(find(here, id)));
    return answer;
  };

  test('a poll, and what it says of one instrument', async () => {
    await both((venue) => venue.poll(io));
    const { instruments } = await find(here, id).poll(io);
    const symbol = instruments.find(({ asset }) => asset === 'BTC')?.symbol ?? '';
    await both((venue) => venue.orderRules(io, symbol));
    await both((venue) => venue.book(io, symbol));
    await both((venue) => venue.oldest(io, symbol));
    await both((venue) => venue.openInterest?.(io, symbol) ?? Promise.resolve(null));
    expect(await both((venue) => all(venue.settled(io, symbol, NOW - 60 * DAY, NOW)))).not.toEqual([]);
    expect(await both((venue) => all(venue.prices(io, symbol, NOW - 60 * DAY, NOW)))).not.toEqual([]);
  });

  test('a symbol that it does not list', async () => {
    const refusal = async (venue: Venue): Promise<unknown> => venue.orderRules(io, 'NONE').catch((error: unknown) => error);
    expect(await refusal(find(apart, id))).toEqual(await refusal(find(here, id)));
    expect(await refusal(find(apart, id))).toBeInstanceOf(VenueError);
  });
});

const MB = 1024 * 1024;
const filled = (unit: string, bytes: number): string => unit.repeat(Math.floor(bytes / unit.length));
const listOf = (unit: string, bytes: number): string => `[${filled(`${unit},`, bytes)}${unit}]`;
const many = (count: number): string =>
  JSON.stringify(
    Array.from({ length: count }, (_, n) => ({
      symbol: `C${n}USDT`,
      lastFundingRate: '0.0001',
      nextFundingTime: NOW + 3_600_000,
      time: NOW,
    })),
  );

describe('what no venue sends costs that answer and nothing else', () => {
  const hostile: [string, () => string][] = [
    ['24 MB of empty lists', () => listOf('[]', 24 * MB)],
    ['24 MB of small objects', () => listOf('{"a":1}', 24 * MB)],
    ['24 MB of lists in lists', () => `${filled('[', 12 * MB)}${filled(']', 12 * MB)}`],
    ['24 MB of objects in objects', () => `${filled('{"a":', 20 * MB)}1${filled('}', 4 * MB)}`],
    ['24 MB of numbers', () => listOf('1', 24 * MB)],
    ['24 MB of names', () => `{${Array.from({ length: 1_500_000 }, (_, n) => `"n${n}":${n % 10}`).join(',')}}`],
    ['1 MB of lists in lists', () => `${filled('[', MB / 2)}${filled(']', MB / 2)}`],
    ['lists in lists, and never an end to them', () => filled('[', 999_999)],
    ['as many small objects as are read without counting', () => listOf('{"a":1}', 999_000)],
    ['as many names', () => `[{${Array.from({ length: 90_000 }, (_, n) => `"${n}":0`).join('},{')}}]`],
    ['150,000 symbols', () => many(150_000)],
    [
      'a symbol of a million lists in lists',
      () => `[{"symbol":${filled('[', MB / 2)}${filled(']', MB / 2)},"lastFundingRate":"0.1","nextFundingTime":1}]`,
    ],
    ['a code with a message of lists in lists', () => `{"code":-1,"msg":${filled('[', MB / 2)}${filled(']', MB / 2)}}`],
    ['a rate of a million digits', () => `[{"symbol":"BTCUSDT","lastFundingRate":"${filled('1', MB)}x","nextFundingTime":1}]`],
  ];
  test.each(hostile)('%s', async (_, text) => {
    const venue = find(apart, 'binance');
    const io: VenueIo = {
      now: NOW,
      request: ({ path }) => Promise.resolve(path === '/fapi/v1/premiumIndex' ? text() : body('binance/exchangeInfo.json')),
    };
    const error = await venue.poll(io).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(VenueError);
    const { kind, user, message } = error as VenueError;
    expect(['too-large', 'malformed', 'server']).toContain(kind);
    expect(`${user}${message}`.length).toBeLessThan(600);
    expect(await venue.poll(createIo(1, 'binance'))).toEqual(await find(here, 'binance').poll(createIo(1, 'binance')));
  });
});

test('the markets of one host have one worker, and each its own code in it', async () => {
  const [first, other] = [find(here, 'binance'), find(here, 'bybit')];
  let started = 0;
  const start = (): Promise<Worker> => {
    started += 1;
    return Promise.resolve(new Worker(new URL('../support/two-markets-child.ts', import.meta.url)));
  };
  const pair = inWorkers([first, { ...other, host: first.host }], { start });
  try {
    for (const [i, id] of (['binance', 'bybit'] as const).entries())
      expect(await pair[i]?.poll(createIo(1, id))).toEqual(await find(here, id).poll(createIo(1, id)));
    expect(started).toBe(1);
  } finally {
    await Promise.all(pair.map((venue) => venue.close()));
  }
});
