import { describe, expect, it } from 'vitest';
import type { Venue, VenueIo } from '#core/venue.ts';
import type { VenueId } from '#domain/instrument.ts';
import { accruesContinuously } from '#domain/metrics/venue-terms.ts';
import { createVenues } from '#node/venues/index.ts';
import { formulaOf } from '#test/support/formulas.ts';
import { createIo, DAY, NOW, sure, VENUES } from './support.ts';

/**
 * What venues write where they have nothing to say: 0 for a time, a zero with a sign, a contract of which another list says nothing. Each venue of the
 * register is asked over its own bytes, spoilt so.
 */
const SEED = 1;
const venueOf = (id: VenueId): Venue => sure(createVenues().find((one) => one.id === id));

type Leaf = (value: unknown, key: string) => unknown;

const onLeaves = (value: unknown, change: Leaf, key = ''): unknown => {
  if (Array.isArray(value)) return value.map((one) => onLeaves(one, change, key));
  if (typeof value !== 'object' || value === null) return change(value, key);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, onLeaves(one, change, name)]));
};
const numberOf = (value: unknown): number =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e-?\d+)?$/iu.test(value)
      ? Number(value)
      : NaN;

/** JSON writes -0 as 0. */
const MINUS_ZERO = '@-0@';
const written = (body: unknown): string => JSON.stringify(body).replaceAll(`"${MINUS_ZERO}"`, '-0');

/** The exchange with each answer changed; `path` and body of the request tell the lists apart. */
function spoiltIo(id: VenueId, change: (body: unknown, list: string) => unknown): VenueIo {
  const io = createIo(SEED, id);
  return {
    ...io,
    async request(request) {
      const list = JSON.stringify([request.path.replace(/\?.*/u, ''), request.body]);
      return written(change(JSON.parse(await io.request(request)), list));
    },
  };
}

const isIso = (value: unknown): boolean => typeof value === 'string' && /^20\d\d-\d\d-\d\dT/u.test(value);
/** Seconds, milliseconds, micro- or nanoseconds of this decade or the last. */
const isTime = (value: unknown): boolean => [1, 1e3, 1e6, 1e9].some((unit) => Math.abs(numberOf(value) / unit / 1.6e9 - 1) < 0.25);
const noTime: Leaf = (value) => {
  if (isIso(value)) return '1970-01-01T00:00:00.000Z';
  return isTime(value) ? (typeof value === 'string' ? '0' : 0) : value;
};
/** Rates, premiums and interests; and amounts that are nothing. */
const noSize: Leaf = (value) => (Math.abs(numberOf(value)) < 0.05 ? (typeof value === 'string' ? '-0.0' : MINUS_ZERO) : value);

const TIMES = ['venueTime', 'nextFundingAt', 'listedAt', 'delistedAt', 'openInterestAt', 'observedAt', 'stamp', 'close', 'at'];
/** `path=value` of every leaf that is wrong. */
function leavesThat(isWrong: (value: unknown, key: string) => boolean, of: unknown): string[] {
  const found: string[] = [];
  onLeaves(of, (value, key) => {
    if (isWrong(value, key)) found.push(`${key}=${Object.is(value, -0) ? '-0' : String(value)}`);
    return value;
  });
  return [...new Set(found)];
}

describe.each(VENUES)('%s', (id) => {
  it('takes a time of 0 for none', async () => {
    const sound = await venueOf(id).poll(createIo(SEED, id));
    const poll = await venueOf(id).poll(spoiltIo(id, (body) => onLeaves(body, noTime)));
    expect(leavesThat((value, key) => TIMES.includes(key) && typeof value === 'number' && value <= DAY, poll)).toEqual([]);
    expect([poll.snapshots.length, poll.refused]).toEqual([sound.snapshots.length, []]);
  });

  it('gives no zero with a sign, in no poll and no settlement', async () => {
    const venue = venueOf(id);
    const io = spoiltIo(id, (body) => onLeaves(body, noSize));
    const poll = await venue.poll(io);
    expect(leavesThat((value) => Object.is(value, -0), poll)).toEqual([]);
    const zeros = poll.snapshots.filter(({ rate }) => rate === 0);
    expect(zeros.length).toBeGreaterThan(0);
    const { symbol } = sure(zeros[0]);
    const rows = [];
    for await (const page of venue.settled(io, symbol, NOW - 3 * DAY, NOW)) rows.push(...page.rows);
    // What accrues is the difference of two sums, of which nothing is left.
    if (!accruesContinuously(formulaOf(id))) expect(rows.length).toBeGreaterThan(0);
    expect(leavesThat((value) => Object.is(value, -0), rows)).toEqual([]);
  });

  it('makes nothing up of a contract that one of its lists names and no other describes', async () => {
    const lists = new Map<string, unknown>();
    const sound = await venueOf(id).poll(
      spoiltIo(id, (body, list) => {
        lists.set(list, body);
        return body;
      }),
    );
    const { symbol } = sure(sound.snapshots[1]);
    // Another contract takes its place there, so that lists which go by place stay whole.
    const other = `${symbol}Q`;
    const renamed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(renamed);
      if (typeof value !== 'object' || value === null) return value === symbol ? other : value;
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name === symbol ? other : name, renamed(one)]));
    };
    const naming = [...lists].filter(([, body]) => JSON.stringify(body) !== JSON.stringify(renamed(body))).map(([list]) => list);
    for (const only of naming) {
      if (naming.length === 1) break;
      const poll = await venueOf(id).poll(spoiltIo(id, (body, list) => (list === only ? body : renamed(body))));
      const others = <T extends { symbol: string }>(rows: readonly T[]): T[] =>
        rows.filter((one) => one.symbol !== symbol && one.symbol !== other);
      expect({ only, rows: others(poll.snapshots).map((one) => one.symbol) }).toEqual({
        only,
        rows: others(sound.snapshots).map((one) => one.symbol),
      });
      const row = poll.snapshots.find((one) => one.symbol === symbol);
      const made = poll.instruments.find((one) => one.symbol === symbol);
      if (row === undefined) continue;
      // What its own name tells may be told; no amount that another list must be asked for, and no rate but its own.
      const { asset, quote, settle, contract, multiplier } = sure(sound.instruments.find((one) => one.symbol === symbol));
      expect({ only, made }).toMatchObject({ only, made: { asset, quote, settle, contract, multiplier } });
      expect({ only, rate: row.rate }).toEqual({ only, rate: sound.snapshots.find((one) => one.symbol === symbol)?.rate });
    }
  });
});
