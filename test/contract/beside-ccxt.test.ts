import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createVenues } from '#node/venues/index.ts';
import { comparedAnswer } from '#test/support/beside-ccxt-answers.ts';
import { ANSWERS } from '#test/support/beside-ccxt-cases.ts';
import { CASES } from '#test/support/beside-ccxt-rates.ts';
import { besidePage, compared, verdictOf } from '#test/support/beside-ccxt.ts';
import { VERDICTS } from '#test/support/beside-ccxt-verdicts.ts';

test('every value that our parsers and those of ccxt read otherwise from the same body has a verdict, and every verdict a difference', async () => {
  const used = new Set<string>();
  const rates = await Promise.all(CASES.map(compared));
  for (const { venue, rows, same, differences } of rates) {
    expect(rows, venue).toBeGreaterThan(1);
    // Values of rows that both read.
    expect(same + differences.filter(({ field }) => field !== 'row').length, venue).toBeGreaterThan(2);
  }
  const answers = await Promise.all(ANSWERS.map(comparedAnswer));
  for (const { venue, rows } of answers) expect(rows, venue).toBeGreaterThan(0);
  for (const { differences } of [...rates, ...answers]) {
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
  expect([...CASES, ...ANSWERS].filter(({ venue }) => !known.has(venue))).toEqual([]);
});

test('docs/venues-beside-ccxt.md is up to date (node test/support/beside-ccxt.ts)', async () => {
  expect(readFileSync(new URL('../../docs/venues-beside-ccxt.md', import.meta.url), 'utf8')).toBe(await besidePage());
});
