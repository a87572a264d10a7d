import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRateBudget } from '#core/collect/rate-budget.ts';
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
