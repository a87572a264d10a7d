import { createRateBudget } from '#core/collect/rate-budget.ts';
import { newCanceller } from '#node/canceller.ts';
import { createClock } from '#node/clock.ts';
import { openSpendingFile } from '#node/spending-file.ts';
import { writeSync } from 'node:fs';

/** Spends unit after unit and says each one once it may be sent, until it is killed. */
const file = openSpendingFile(process.argv[2] ?? '', { write: () => undefined });
const book = { spent: () => file.spent('alpha'), keep: file.keep.bind(file, 'alpha') };
const budget = createRateBudget(createClock({ speed: 1, startAt: null }), [{ bucket: 'weight', max: 100_000, perMs: 600_000 }], book);
const { signal } = newCanceller();
for (;;) {
  await budget.take({ weight: 1 }, 'poll', signal);
  writeSync(1, '.');
}
