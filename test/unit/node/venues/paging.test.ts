import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeSpans, newestGap } from '#core/spans.ts';
import type { SettledPage } from '#core/venue.ts';
import { type SettledAnswer, walkBackward, walkForward } from '#node/venues/common/paging.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2025, 0, 1);

/** Settlements whose interval changes as they go, with late stamps and holes. */
const stamps = fc
  .array(fc.record({ gapH: fc.constantFrom(1, 1, 1, 2, 4, 8, 8, 24, 100), lateMs: fc.nat(200) }), { maxLength: 120 })
  .map((steps) => {
    let hour = START;
    return steps.map(({ gapH, lateMs }) => (hour += gapH * HOUR) + lateMs);
  });

const even = fc
  .record({ gapH: fc.constantFrom(1, 4, 8), count: fc.nat(120) })
  .map(({ gapH, count }) => Array.from({ length: count }, (_, n) => START + (n + 1) * gapH * HOUR));

const limit = fc.integer({ min: 1, max: 40 });
const kills = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 });
const cases = fc.oneof(
  fc.record({ all: stamps, limit, kills }).map((one) => ({ ...one, given: one.limit })),
  // A venue that gives fewer rows than it documents, told by rows that go on as far apart as before.
  fc.record({ all: even, limit, kills, given: fc.integer({ min: 2, max: 40 }) }),
);

const answer = (rows: readonly number[]): SettledAnswer => ({
  rows: rows.map((stamp) => ({ stamp, rate: 0.0001, intervalH: null, mark: null, premium: null })),
  refused: [],
  items: rows.map((stamp) => ({ stamp, whole: true })),
});

async function all(pages: AsyncIterable<SettledPage>): Promise<SettledPage[]> {
  const got: SettledPage[] = [];
  for await (const page of pages) got.push(page);
  return got;
}

describe.each([
  ['forward', walkForward, (rows: readonly number[], most: number) => rows.slice(0, most)],
  ['backward', walkBackward, (rows: readonly number[], most: number) => rows.slice(-most).toReversed()],
] as const)('%s', (_, walk, page) => {
  const walker = (all: readonly number[], documented: number, given: number) => (from: number, to: number) =>
    walk({
      venue: 'Test',
      symbol: 'X',
      from,
      to,
      limit: documented,
      now: () => Number.MAX_SAFE_INTEGER,
      ask: (start, end) =>
        Promise.resolve(
          answer(
            page(
              all.filter((stamp) => stamp >= start && stamp <= end),
              Math.min(documented, given),
            ),
          ),
        ),
    });

  test('however it is cut and resumed: nothing lost, nothing twice within a walk, proven means complete', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ all, limit: most, given, kills: cuts }) => {
        const ask = walker(all, most, given);
        const from = START;
        const to = (all.at(-1) ?? START) + HOUR;
        const got = new Set<number>();
        let proven = mergeSpans([]);
        // What a whole walk did not prove rests.
        let asked = proven;
        for (let turn = 0; ; turn++) {
          const gap = newestGap([...proven, ...asked], from, to);
          if (gap === null) break;
          const pages: SettledPage[] = [];
          let whole = true;
          for await (const one of ask(gap.from, gap.to)) {
            whole = pages.push(one) < (cuts[turn] ?? Infinity);
            if (!whole) break;
          }
          if (whole) asked = [...asked, gap];
          const rows = pages.flatMap((one) => one.rows.map(({ stamp }) => stamp));
          expect(new Set(rows).size).toBe(rows.length);
          for (const stamp of rows) got.add(stamp);
          proven = mergeSpans([...proven, ...pages.flatMap((one) => (one.proven === null ? [] : [one.proven]))]);
          for (const stamp of all) if (proven.some((span) => stamp > span.from && stamp <= span.to)) expect(got).toContain(stamp);
        }
        expect([...got].sort((a, b) => a - b)).toEqual(all);
      }),
      { numRuns: 300 },
    );
  });

  const pagesOf = (ask: () => SettledAnswer): AsyncGenerator<SettledPage> =>
    walk({
      ...{ venue: 'Test', symbol: 'X', from: START, to: START + 10 * HOUR, limit: 100, now: () => START + 10 * HOUR },
      ask: () => Promise.resolve(ask()),
    });
  const hours = Array.from({ length: 10 }, (__, n) => START + (n + 1) * HOUR);

  test.each<[string, (rows: readonly number[]) => readonly number[]]>([
    ['is turned round', (rows) => rows.toReversed()],
    ['repeats a row', (rows) => [...rows.slice(0, 3), ...rows.slice(2)]],
    ['repeats all of its rows', (rows) => [...rows, ...rows]],
  ])('a page that %s tells each settlement once, oldest or newest first, and proves the same', async (_name, spoil) => {
    const [one, ...more] = await all(pagesOf(() => answer(spoil(page(hours, 100)))));
    expect(more).toEqual([]);
    const stamps = one?.rows.map(({ stamp }) => stamp) ?? [];
    expect(stamps).toEqual(hours);
    expect(one?.proven).toEqual({ from: START, to: START + 10 * HOUR });
  });

  test('of two rates of one settlement both are told on, the first one first, for the store keeps it and tells of the other', async () => {
    const rows = page(hours, 100).flatMap((stamp) => {
      const row = { stamp, rate: 1e-4, intervalH: null, mark: null, premium: null };
      return stamp === hours[3] ? [row, { ...row, rate: 2e-4 }] : [row];
    });
    const items = rows.map(({ stamp }) => ({ stamp, whole: true }));
    const [one] = await all(pagesOf(() => ({ rows, refused: [], items })));
    expect(one?.rows.filter(({ stamp }) => stamp === hours[3]).map(({ rate }) => rate)).toEqual([1e-4, 2e-4]);
    expect(one?.rows.map(({ stamp }) => stamp)).toEqual(hours.toSpliced(3, 0, START + 4 * HOUR));
    expect(one?.proven).toEqual({ from: START, to: START + 10 * HOUR });
  });

  test('rows in no order are kept and prove nothing: one of them may stand for another time', async () => {
    for (const mixed of [hours.toSpliced(2, 2, START + 4 * HOUR, START + 3 * HOUR), [...hours.slice(4), ...hours.slice(0, 4)]]) {
      const [one] = await all(pagesOf(() => answer(page(mixed, 100))));
      expect(one?.rows.map(({ stamp }) => stamp)).toEqual(hours);
      expect(one?.proven).toBeNull();
    }
  });

  test('and so do those that come twice beside one without a time', async () => {
    const { rows, refused, items } = answer(page([...hours, ...hours], 100));
    const [one] = await all(pagesOf(() => ({ rows, refused, items: [...items, { stamp: null, whole: false }] })));
    expect(one?.rows.map(({ stamp }) => stamp)).toEqual(hours);
    expect(one?.proven).toBeNull();
  });

  test.each([
    ['leaves the window', [START + HOUR, START + 1000 * HOUR]],
    ['starts before the window', [START - HOUR, START + HOUR]],
  ])('a page that %s is kept, proves nothing and ends the walk', async (_name, rows) => {
    let asked = 0;
    const pages = walk({
      venue: 'Test',
      symbol: 'X',
      from: START,
      to: START + 10 * HOUR,
      limit: rows.length,
      now: () => START + 20 * HOUR,
      ask: () => {
        asked++;
        return Promise.resolve(answer(page(rows, 100)));
      },
    });
    const got = [];
    for await (const { rows: kept, proven } of pages) got.push({ stamps: kept.map(({ stamp }) => stamp), proven });
    expect(got).toEqual([{ stamps: rows, proven: null }]);
    expect(asked).toBe(1);
  });
});
