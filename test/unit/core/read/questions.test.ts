import { expect, test } from 'vitest';
import type { Cancellation } from '#core/ports/clock.ts';
import { QueryError } from '#core/ports/query.ts';
import { createQuestions } from '#core/read/questions.ts';

const ANSWER = { columns: [], rows: [], more: false, ms: 1 };

/** Questions that end only when they are stopped, but for `SELECT 1`. */
function asked() {
  const run = (sql: string, stop: Cancellation) => {
    if (sql === 'SELECT 1') return Promise.resolve(ANSWER);
    return new Promise<typeof ANSWER>((_, reject) => {
      const end = (): void => reject(new QueryError('Stopped.'));
      if (stop.aborted) end();
      else stop.addEventListener('abort', end);
    });
  };
  return { questions: createQuestions({ run, schema: () => Promise.resolve([]) }, () => new AbortController()) };
}

test('a question is ended by its own stop, also by one that came before it', async () => {
  const { questions } = asked();
  const running = questions.run('w', 'a', 'endless');
  questions.stop('a');
  await expect(running).rejects.toThrow('Stopped.');
  questions.stop('b');
  await expect(questions.run('w', 'b', 'endless')).rejects.toThrow('Stopped.');
});

test('a stop that comes after the answer ends no later question, nor one of another window', async () => {
  const { questions } = asked();
  expect(await questions.run('w', 'a', 'SELECT 1')).toBe(ANSWER);
  questions.stop('a');
  expect(await questions.run('w', 'b', 'SELECT 1')).toBe(ANSWER);
  const [own, other] = [questions.run('w', 'c', 'endless'), questions.run('v', 'd', 'endless')];
  questions.stop('c');
  await expect(own).rejects.toThrow('Stopped.');
  expect(await Promise.race([other, Promise.resolve('runs')])).toBe('runs');
  questions.stop('d');
  await expect(other).rejects.toThrow('Stopped.');
});

test('a later question of a window takes the place of the one before, and stops that wait are bounded', async () => {
  const { questions } = asked();
  const first = questions.run('w', 'a', 'endless');
  const second = questions.run('w', 'b', 'endless');
  await expect(first).rejects.toThrow('Stopped.');
  questions.stop('late');
  for (let n = 0; n < 64; n++) questions.stop(`of no question ${n}`);
  questions.stop('b');
  await expect(second).rejects.toThrow('Stopped.');
  const forgotten = questions.run('w', 'late', 'endless');
  expect(await Promise.race([forgotten, Promise.resolve('runs')])).toBe('runs');
  questions.stop('late');
  await expect(forgotten).rejects.toThrow('Stopped.');
});
