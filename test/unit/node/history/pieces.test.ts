import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inPieces, leastOf } from '#node/history/pieces.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => vi.useRealTimers());

/** What was done between two pauses: each step takes a millisecond. */
function stretches(db: Database.Database, work: (step: () => void) => Generator<undefined, unknown>): number[] {
  const done: number[] = [];
  let now = 0;
  const pieces = work(() => {
    now++;
    vi.advanceTimersByTime(1);
  });
  for (let ended = false; !ended;) {
    ended = pieces.next().done === true;
    done.push(now);
    now = 0;
  }
  return done;
}

test('work and the looking for it pause after a few milliseconds, and all of it is done', () => {
  const db = new Database(':memory:');
  let left = 100;
  const worked = stretches(db, (step) =>
    inPieces(db, () => {
      step();
      return --left > 0;
    }),
  );
  const numbers = Array.from({ length: 100 }, (_, i) => i);
  let least = NaN;
  const looked = stretches(db, function* (step) {
    least = yield* leastOf(db, numbers, (number) => {
      step();
      return number === 50 ? -1 : number === 60 ? null : number;
    });
  });
  for (const some of [worked, looked]) {
    expect(some.reduce((sum, n) => sum + n, 0)).toBe(100);
    expect(Math.max(...some)).toBeLessThanOrEqual(10);
  }
  expect(least).toBe(-1);
  db.close();
});

test('the least of nothing is none', () => {
  const db = new Database(':memory:');
  expect(leastOf(db, [], () => 1).next()).toEqual({ done: true, value: Infinity });
  db.close();
});
