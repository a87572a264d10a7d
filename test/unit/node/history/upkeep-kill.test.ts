import { expect, test } from 'vitest';
import { upkeepKills } from '#test/soak/upkeep-kill.ts';

test('kill -9 at any moment of a merge or a compaction loses no row and doubles none (many more: npm run soak)', async () => {
  const { merges, compactions, rows } = await upkeepKills({ kills: 2, seed: 20261129, instruments: 3, hours: 400 });
  expect(rows).toBeGreaterThan(1500);
  // One may have been done before its kill came.
  expect(merges + compactions).toBeGreaterThan(0);
});
