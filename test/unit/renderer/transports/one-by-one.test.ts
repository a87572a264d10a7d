import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { oneByOne } from '#renderer/transports/one-by-one.ts';

test('what comes at once is taken in order, each to its end before the next; what comes meanwhile waits for its turn', async () => {
  const taken: string[] = [];
  const take = oneByOne<number>((one) => {
    taken.push(`${one}`);
    // What a task leaves to be done is done before the next begins.
    queueMicrotask(() => taken.push(`end of ${one}`));
    if (one === 2) void take(4);
  });
  const until = async (count: number): Promise<void> => {
    while (taken.length < count) await nextTurn();
  };
  for (const one of [1, 2, 3]) void take(one);
  expect(taken).toEqual([]);
  await until(8);
  expect(taken).toEqual(['1', 'end of 1', '2', 'end of 2', '3', 'end of 3', '4', 'end of 4']);
  await take(5);
  expect(taken[8]).toBe('5');
  await until(10);
  expect(taken.at(-1)).toBe('end of 5');
}, 10_000);
