import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { createVenues } from '#node/venues/index.ts';
import { pollsOf, venuesPage } from '../../../build/docs-venues.ts';

test('docs/venues.md is what the folders of the venues say (else: npm run docs:venues)', async () => {
  const page = await venuesPage();
  for (const { id } of createVenues()) expect(page).toContain(`\`${id}\``);
  expect(readFileSync(resolve(import.meta.dirname, '../../../docs/venues.md'), 'utf8')).toBe(page);
});

test('one round of the venues that a new user has on takes at most 16 requests', async () => {
  const rounds = await Promise.all(createVenues().flatMap((venue) => (venue.onByDefault ? [pollsOf(venue)] : [])));
  expect(rounds.length).toBeGreaterThan(0);
  expect(rounds.flatMap(({ round }) => round).length).toBeLessThanOrEqual(16);
});
