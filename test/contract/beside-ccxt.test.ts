import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createVenues } from '#node/venues/index.ts';
import { besidePage, CASES, compared, verdictOf } from '#test/support/beside-ccxt.ts';
import { VERDICTS } from '#test/support/beside-ccxt-verdicts.ts';

test('every value that our parsers and those of ccxt read otherwise from the same body has a verdict, and every verdict a difference', async () => {
  const used = new Set<string>();
  for (const one of CASES) {
    const { differences, rows, same } = await compared(one);
    expect(rows, one.venue).toBeGreaterThan(1);
    expect(same, one.venue).toBeGreaterThan(2);
    for (const difference of differences) {
      const verdict = verdictOf(difference);
      expect(
        verdict,
        `${difference.venue} ${difference.field} ${difference.symbol}: ${difference.ours}, ccxt ${difference.ccxt}`,
      ).toBeDefined();
      if (verdict !== undefined) used.add(verdict);
    }
  }
  expect(Object.entries(VERDICTS).filter(([, verdict]) => !used.has(verdict))).toEqual([]);
  const known = new Set(createVenues().map(({ id }) => id));
  expect(CASES.filter(({ venue }) => !known.has(venue))).toEqual([]);
});

test('docs/venues-beside-ccxt.md is up to date (node test/support/beside-ccxt.ts)', async () => {
  expect(readFileSync(new URL('../../docs/venues-beside-ccxt.md', import.meta.url), 'utf8')).toBe(await besidePage());
});
