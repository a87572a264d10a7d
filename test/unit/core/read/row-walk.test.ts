import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { RuleLine, type ChosenCondition } from '#core/read/alerts/rule-line.ts';
import type { Chosen } from '#core/read/metrics/metric-choice.ts';
import { resolveChoice } from '#core/read/metrics/metric-choice.ts';
import { MetricColumn } from '#core/read/metrics/metric-column.ts';
import { feedKind, readRows, rowKind } from '#core/read/metrics/metric-frames.ts';
import { MetricLine } from '#core/read/metrics/metric-lines.ts';
import type { MetricFeed } from '#core/read/metrics/metric-source.ts';
import { SIGNAL_ROWS, SignalLine } from '#core/read/signal-line.ts';
import { createSharedThread } from '#core/shared-thread.ts';
import { MetricRun } from '#domain/metrics/run.ts';
import { HOUR_MS } from '#domain/time.ts';
import { FakeClock } from '#test/support/fake-clock.ts';
import { at, framed, Shelf } from './shelf.ts';

const slice = () => createSharedThread(new FakeClock(0), () => Promise.resolve()).slice();

/** Rows of the shelf, closed up to where the test says. */
class Feeds {
  to = 0;
  readonly #shelf: Shelf;
  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }
  readonly of = ({ metric, params }: Chosen): MetricFeed => ({
    key: metric.on,
    kind: feedKind(metric, params, null),
    ids: () => [framed.id],
    legs: () => [framed],
    closedTo: () => this.to,
    read: (from, to) => readRows(this.#shelf.reads, { ...rowKind(metric, params), legs: [framed], from, to }),
    live: () => null,
  });
}

const CHOICES = [
  { metric: 'ema-divergence', params: {} },
  { metric: 'funding-rank', params: { days: 2 } },
  { metric: 'mean-funding', params: { hours: 50 } },
  { metric: 'signal', params: { theta: 0.0003 } },
  { metric: 'total-funding', params: {} },
  { metric: 'cumulative-funding', params: { days: 3 } },
  { metric: 'half-life', params: {} },
].map(resolveChoice);

/** A rule on all of them: its values are theirs, and it enters where the first two hold. */
const conditions: ChosenCondition[] = CHOICES.map((chosen, i) => ({
  chosen,
  op: 'outside',
  level: i === 0 ? 0.0003 : 1e-12,
}));

type Columns = ReturnType<typeof newColumns>;

/** One column of each, as its cells at a close; `walked`: those of which the states may be taken, and from when on what they rest on is other. */
function newColumns(feeds: Feeds, walked: { readonly columns: Columns; readonly otherFrom: number } | null = null, name = '') {
  const lines = new Map<string, MetricLine>();
  const columns = CHOICES.map((chosen) => {
    const column = new MetricColumn(chosen, null);
    column.fit(1);
    const feed = feeds.of(chosen);
    const seeds = (to: number) => walked?.columns.lines.get(feed.key)?.marksTo(to, walked.otherFrom) ?? null;
    const line = lines.get(feed.key) ?? new MetricLine(feed, seeds);
    lines.set(feed.key, line);
    return { column, line };
  });
  for (const line of lines.values()) line.begin();
  for (const [i, { column, line }] of columns.entries()) line.watch(`${name}${i}`, column, framed.id, 0);
  for (const line of lines.values()) line.end();
  return {
    lines: lines as ReadonlyMap<string, MetricLine>,
    changed: (from: number) => lines.forEach((line) => line.changed(from)),
    async advance() {
      for (const line of lines.values()) await line.advance(slice(), () => false);
    },
    /** What they say of the newest closed row, as if it were the one in progress. */
    async cells() {
      for (const { column, line } of columns) {
        const from = feeds.to - 24 * HOUR_MS;
        const { frame, first, end } = (await line.feed.read(from, feeds.to)).block(from, feeds.to);
        if (end > first) column.evaluate(0, frame, end - 1, null);
      }
      return columns.map(({ column }) => column.cell(0));
    },
  };
}
const newRule = (feeds: Feeds): RuleLine => new RuleLine(framed.id, conditions, 2, feeds.of, () => feeds.to);
const judged = ({ state, judgedTo, values }: RuleLine) => ({ state, judgedTo, values });

const hour = fc.record({
  rate: fc.constantFrom(0.0001, 0.0001, 0.0001, 0.004, 0.005, -0.003, 0.0008),
  isObserved: fc.integer({ min: 0, max: 9 }),
  isSettled: fc.integer({ min: 0, max: 19 }),
  intervalH: fc.constantFrom(1, 1, 1, 8),
  // One in twelve hours brings a row of the past: a late settlement, a correction, also from long ago.
  late: fc.integer({ min: 0, max: 11 }),
  lateBy: fc.constantFrom(1, 3, 30, 95, 97, 150, 250, 700),
  isTold: fc.boolean(),
});

test('columns and a rule, walked close by close with late settlements and corrections, say what a replay of everything says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hour, { minLength: 200, maxLength: 700, size: 'max' }), async (hours) => {
      const shelf = new Shelf();
      const feeds = new Feeds(shelf);
      const [columns, rule] = [newColumns(feeds), newRule(feeds)];
      for (const [i, one] of hours.entries()) {
        if (one.isObserved > 2) shelf.observe(i, one.rate, one.intervalH);
        if (one.isSettled > 0 && i % one.intervalH === 0) shelf.settle(i, one.rate, one.intervalH);
        if (one.late === 0 && i >= one.lateBy) {
          shelf.settle(i - one.lateBy, one.rate, one.intervalH);
          // What lies within the rows that are compared is found without a word.
          if (one.isTold || one.lateBy > 90) for (const walk of [columns, rule]) walk.changed(at(i - one.lateBy));
        }
        feeds.to = at(i);
        await columns.advance();
        await rule.advance(slice());
        if (i % 23 !== 0 && i !== hours.length - 1) continue;
        const [anew, again] = [newColumns(feeds), newRule(feeds)];
        await anew.advance();
        await again.advance(slice());
        expect(await columns.cells()).toEqual(await anew.cells());
        expect(judged(rule)).toEqual(judged(again));
      }
    }),
    { numRuns: 4 },
  );
});

test('a correction of last week is walked from the state before it, by columns and by rules', async () => {
  const shelf = new Shelf();
  const feeds = new Feeds(shelf);
  for (let i = 0; i < 4_000; i++) {
    shelf.observe(i, 0.0001 + 0.00001 * (i % 17), 8);
    if (i % 8 === 0) shelf.settle(i, 0.0001, 8);
  }
  const [columns, rule] = [newColumns(feeds), newRule(feeds)];
  const advance = async (i: number): Promise<void> => {
    feeds.to = at(i);
    shelf.readFrom = Infinity;
    await columns.advance();
    await rule.advance(slice());
  };
  await advance(3_900);
  await advance(3_901);
  expect(shelf.readFrom).toBeGreaterThanOrEqual(at(3_900 - 144));
  // As a day later tells it: the columns, the rule, both read no more than three weeks.
  shelf.observe(3_860, 0.005, 8);
  for (const walk of [columns, rule]) walk.changed(at(3_860));
  await advance(3_902);
  expect(shelf.readFrom).toBeGreaterThan(at(3_900 - 21 * 24));
  shelf.settle(3_725, 0.004, 8);
  for (const walk of [columns, rule]) walk.changed(at(3_725));
  await advance(3_903);
  expect(shelf.readFrom).toBeGreaterThan(at(3_900 - 21 * 24));
  const [anew, again] = [newColumns(feeds), newRule(feeds)];
  await anew.advance();
  await again.advance(slice());
  expect(await columns.cells()).toEqual(await anew.cells());
  expect(judged(rule)).toEqual(judged(again));
});

test('columns of a moment go on from the states of those of now, unless what they rest on was not known then', async () => {
  const shelf = new Shelf();
  const feeds = new Feeds(shelf);
  for (let i = 0; i < 4_000; i++) {
    shelf.observe(i, 0.0001 + 0.00001 * (i % 17), 8);
    if (i % 8 === 0) shelf.settle(i, 0.0001 + 0.00001 * (i % 5), 8);
  }
  const now = newColumns(feeds);
  feeds.to = at(3_999);
  await now.advance();
  const lookAt = async (hour: number, otherFrom: number) => {
    feeds.to = at(hour);
    shelf.readFrom = Infinity;
    const then = newColumns(feeds, { columns: now, otherFrom }, 'then ');
    await then.advance();
    const { readFrom } = shelf;
    const anew = newColumns(feeds);
    await anew.advance();
    expect(await then.cells()).toEqual(await anew.cells());
    return readFrom;
  };
  const weeks = 21 * 24;
  expect(await lookAt(3_990, Infinity)).toBeGreaterThan(at(3_990 - weeks));
  // What is known of ten days before was learnt since.
  shelf.settle(3_752, 0.004, 8);
  expect(await lookAt(3_990, at(3_752))).toBeLessThan(at(0));
  // The states of now do not know of it yet, and were told.
  now.changed(at(3_752));
  expect(await lookAt(3_990, Infinity)).toBeLessThan(at(0));
  // Of half a year before none is kept.
  expect(await lookAt(2_000, Infinity)).toBeLessThan(at(0));
  feeds.to = at(3_999);
  now.changed(at(3_500));
  const walking = now.advance();
  // Nor are those of a walk that is still on its way to what it was told.
  for (const line of now.lines.values()) expect(line.marksTo(at(3_999), Infinity).marks).toEqual([]);
  await walking;
  expect(await lookAt(3_990, Infinity)).toBeGreaterThan(at(3_990 - weeks));
  // A row of the days that are compared is another one at the moment: what it says is not hidden.
  shelf.observe(3_860, 0.005, 8);
  await lookAt(3_900, Infinity);
});

test('a signal of a moment goes on from the states of that of now, months before too', async () => {
  const shelf = new Shelf();
  const feeds = new Feeds(shelf);
  for (let i = 0; i < 4_000; i++) {
    shelf.observe(i, 0.0001 * (1 + Math.sin(i) ** 9), 8);
    if (i % 8 === 0) shelf.settle(i, 0.0001, 8);
  }
  const params = { theta: 0.00001, k: 2, n: 12 };
  const feed = feeds.of(SIGNAL_ROWS);
  const now = new SignalLine(params, feed, true);
  await now.advance(at(3_999), slice());
  const lookAt = async (hour: number, otherFrom: number) => {
    shelf.readFrom = Infinity;
    const then = await new SignalLine(params, feed, false, (to) => now.marksTo(to, otherFrom)).advance(at(hour), slice());
    const { readFrom } = shelf;
    expect(then).toEqual(await new SignalLine(params, feed).advance(at(hour), slice()));
    return readFrom;
  };
  // A month, the four days that are compared, and two that rows look back on.
  for (const hour of [1_100, 2_345, 3_990]) expect(await lookAt(hour, Infinity)).toBeGreaterThanOrEqual(at(hour - (32 + 4 + 2) * 24));
  expect(await lookAt(2_345, at(500))).toBeLessThan(at(0));
  // One that draws has walked every hour that it draws.
  const drawn = new SignalLine(params, feed, true, (to) => now.marksTo(to, Infinity));
  expect(await drawn.draw(at(2_345), slice(), ({ hours: { bytes } }) => bytes)).toBe(
    await new SignalLine(params, feed, true).draw(at(2_345), slice(), ({ hours: { bytes } }) => bytes),
  );
});

test('a rule over years is judged month by month, with a look at the clock after each', async () => {
  const shelf = new Shelf();
  const feeds = new Feeds(shelf);
  for (let i = 0; i < 6_000; i++) {
    shelf.observe(i, 0.0001 + 0.00001 * (i % 17), 8);
    if (i % 8 === 0) shelf.settle(i, 0.0001, 8);
  }
  const rule = newRule(feeds);
  feeds.to = at(5_999);
  let [judgedNow, most, all] = [0, 0, 0];
  const looking = { over: () => ((judgedNow = 0), false), pause: () => Promise.resolve() };
  await rule.advance(looking, () => (all++, (most = Math.max(most, ++judgedNow))));
  expect(all).toBe(6_000);
  expect(most).toBeLessThanOrEqual(32 * 24);
});

test('of a rule of which no row was read nothing is made to judge with', () => {
  const made = vi.spyOn(resolveChoice({ metric: 'ema-divergence', params: {} }).metric, 'state');
  const rule = newRule(new Feeds(new Shelf()));
  expect([rule.state, rule.judgedTo]).toEqual([{ phase: 'quiet', periods: 0, enteredAt: null }, null]);
  expect(rule.values).toEqual(CHOICES.map(() => ({ value: null, why: 'waiting' })));
  expect(made).not.toHaveBeenCalled();
  made.mockRestore();
});

test('an instrument that has said nothing for weeks is not walked from the beginning at each close', async () => {
  const shelf = new Shelf();
  const feeds = new Feeds(shelf);
  for (let i = 0; i < 500; i++) shelf.settle(i, 0.0001, 1);
  let taken = 0;
  const columns = newColumns(feeds);
  for (let i = 900; i < 910; i++) {
    feeds.to = at(i);
    const push = vi.spyOn(MetricRun.prototype, 'push');
    await columns.advance();
    if (i > 900) taken += push.mock.calls.length;
    push.mockRestore();
  }
  // An hour a close, of the four that walk hours.
  expect(taken).toBe(9 * 4);
});
