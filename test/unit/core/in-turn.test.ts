import { expect, test } from 'vitest';
import { createInTurn } from '#core/in-turn.ts';
import { gate } from '#test/support/gate.ts';

test('each begins once the one before is over; at the end only the one of now is waited for', async () => {
  const line = createInTurn();
  const begun: number[] = [];
  const gates = [gate(), gate(), gate()];
  for (const [i, { opened }] of gates.entries())
    line.add(() => {
      begun.push(i);
      return opened;
    });
  expect(begun).toEqual([0]);
  gates[0]?.open();
  await expect.poll(() => begun).toEqual([0, 1]);
  let isOver = false;
  const ending = line.end().then(() => (isOver = true));
  await Promise.resolve();
  expect(isOver).toBe(false);
  gates[1]?.open();
  await ending;
  expect(begun).toEqual([0, 1]);

  line.add(() => {
    begun.push(9);
    return Promise.resolve();
  });
  expect(begun).toEqual([0, 1, 9]);
});
