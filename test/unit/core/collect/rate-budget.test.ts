import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateBudget, type SpendingBook } from '#core/collect/rate-budget.ts';
import type { Spending } from '#core/ports/spending.ts';
import { newCanceller } from '#node/canceller.ts';
import { FakeClock } from '#test/support/fake-clock.ts';

const limits = [
  { bucket: 'weight', max: 20, perMs: 1000 },
  { bucket: 'history', max: 5, perMs: 3000 },
];
const never = newCanceller().signal;

test('whatever is asked for: no window ever holds more than its limit, and everything is served in the end', async () => {
  const request = fc.record({
    weight: fc.integer({ min: 1, max: 20 }),
    history: fc.integer({ min: 0, max: 5 }),
    priority: fc.constantFrom('poll' as const, 'background' as const),
    afterMs: fc.integer({ min: 0, max: 700 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 30 }), async (requests) => {
      const clock = new FakeClock(0);
      const budget = createRateBudget(clock, limits);
      const served: { at: number; weight: number; history: number }[] = [];
      for (const { weight, history, priority, afterMs } of requests) {
        void budget.take({ weight, history }, priority, never).then(() => served.push({ at: clock.monotonic(), weight, history }));
        await clock.advance(afterMs);
      }
      await clock.advance(200_000);
      expect(served).toHaveLength(requests.length);
      for (const { bucket, max, perMs } of limits) {
        for (const { at } of served) {
          const inWindow = served.filter((one) => one.at > at - perMs && one.at <= at);
          expect(inWindow.reduce((sum, one) => sum + one[bucket as 'weight' | 'history'], 0)).toBeLessThanOrEqual(max);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('a poll overtakes the back-fill that waits, and finds its share free', async () => {
  const clock = new FakeClock(0);
  const budget = createRateBudget(clock, limits);
  const order: string[] = [];
  const take = (name: string, weight: number, priority: 'poll' | 'background') => {
    void budget.take({ weight }, priority, never).then(() => order.push(name));
  };
  take('b1', 10, 'background');
  take('b2', 6, 'background');
  take('b3', 10, 'background');
  take('poll1', 4, 'poll');
  take('poll2', 10, 'poll');
  await clock.advance(0);
  expect(order).toEqual(['b1', 'b2', 'poll1']);
  await clock.advance(1000);
  expect(order).toEqual(['b1', 'b2', 'poll1', 'poll2']);
  await clock.advance(2000);
  expect(order.at(-1)).toBe('b3');
});

test('who gives up waiting makes room; what can never fit is refused', async () => {
  const clock = new FakeClock(0);
  const budget = createRateBudget(clock, limits);
  await budget.take({ weight: 20 }, 'poll', never);
  const canceller = newCanceller();
  const gone = budget.take({ weight: 20 }, 'poll', canceller.signal);
  const next = budget.take({ weight: 1 }, 'poll', never);
  canceller.abort();
  await expect(gone).rejects.toMatchObject({ kind: 'cancelled' });
  await clock.advance(1000);
  await next;
  await expect(budget.take({ weight: 1 }, 'poll', canceller.signal)).rejects.toMatchObject({ kind: 'cancelled' });
  await expect(budget.take({ weight: 21 }, 'poll', never)).rejects.toThrow('never fit');
  await expect(budget.take({ other: 1 }, 'poll', never)).rejects.toThrow('no rate limit is called other');
});

/** A book as a kill leaves it: what was kept is there, whatever was still to come is not. */
function bookOf(): SpendingBook & { kept: readonly Spending[] | null; writes: number } {
  return {
    kept: [],
    writes: 0,
    spent() {
      return this.kept;
    },
    keep(spent) {
      this.kept = spent;
      this.writes += 1;
    },
  };
}

test('runs that are killed and begun anew, however often: no window ever holds more than its limit', async () => {
  const request = fc.record({
    weight: fc.integer({ min: 0, max: 20 }),
    history: fc.integer({ min: 0, max: 5 }),
    afterMs: fc.integer({ min: 0, max: 400 }),
    killed: fc.boolean(),
    /** For which the machine counted no monotonic time, as at a boot. */
    downMs: fc.integer({ min: 0, max: 2000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 40 }), async (requests) => {
      const book = bookOf();
      const served: { at: number; weight: number; history: number }[] = [];
      let clock = new FakeClock(1_700_000_000_000);
      let budget = createRateBudget(clock, limits, book);
      for (const { weight, history, afterMs, killed, downMs } of requests) {
        const own = clock;
        void budget.take({ weight, history }, 'poll', never).then(() => served.push({ at: own.now(), weight, history }));
        await clock.advance(afterMs);
        if (!killed) continue;
        // What waited in the killed run never runs: its clock stands still.
        clock = new FakeClock(clock.now() + downMs);
        budget = createRateBudget(clock, limits, book);
      }
      for (const { bucket, max, perMs } of limits) {
        for (const { at } of served) {
          const inWindow = served.filter((one) => one.at > at - perMs && one.at <= at);
          expect(inWindow.reduce((sum, one) => sum + one[bucket as 'weight' | 'history'], 0)).toBeLessThanOrEqual(max);
        }
      }
    }),
    { numRuns: 100 },
  );
});

const wide = [{ bucket: 'weight', max: 2000, perMs: 60_000 }];

test('the book is written once for many requests, and a kill costs a twentieth of a limit at most', async () => {
  const book = bookOf();
  const clock = new FakeClock(1_700_000_000_000);
  const budget = createRateBudget(clock, wide, book);
  for (let i = 0; i < 500; i++) await budget.take({ weight: 1 }, 'poll', never);
  expect(book.writes).toBe(5);
  const counted = (book.kept ?? []).reduce((sum, { units }) => sum + units, 0);
  expect(counted).toBeGreaterThanOrEqual(500);
  expect(counted).toBeLessThanOrEqual(600);
  // Over hours it stays small.
  for (let i = 0; i < 2000; i++) {
    await budget.take({ weight: 5 }, 'poll', never);
    await clock.advance(5000);
  }
  expect(book.kept?.length).toBeLessThanOrEqual(22);
});

test.each([
  ['an hour', 3_600_000],
  ['ten years', 10 * 365 * 86_400_000],
])('a clock that was set back by %s between two runs holds nothing longer than the limit’s own time', async (_, back) => {
  const book = bookOf();
  const before = new FakeClock(1_800_000_000_000);
  await createRateBudget(before, wide, book).take({ weight: 2000 }, 'poll', never);
  const clock = new FakeClock(before.now() - back);
  let done = false;
  const budget = createRateBudget(clock, wide, book);
  void budget.take({ weight: 2000 }, 'poll', never).then(() => (done = true));
  await clock.advance(59_000);
  expect(done).toBe(false);
  await clock.advance(1000);
  expect(done).toBe(true);
});

test('a book that cannot be read counts as everything spent just now', async () => {
  const book = { ...bookOf(), kept: null };
  const clock = new FakeClock(1_700_000_000_000);
  let done = false;
  void createRateBudget(clock, wide, book)
    .take({ weight: 1 }, 'poll', never)
    .then(() => (done = true));
  await clock.advance(59_000);
  expect(done).toBe(false);
  await clock.advance(1000);
  expect(done).toBe(true);
});
