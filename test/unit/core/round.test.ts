import { expect, test } from 'vitest';
import type { VenueRequest } from '#core/venue.ts';
import { createVenues } from '#node/venues/index.ts';
import { fewWires } from '#test/support/spoilt-world.ts';
import { HOUR, START } from '#test/support/world.ts';

const POLL_MS = 30_000;
/** Lists that change slowly are kept so long. */
const KEPT_MS = 5 * 60_000;

/** What each of the venues that are on for a new user asks in every round of two hours, on the demo's wires. */
async function rounds(start: number): Promise<string[][]> {
  const wires = fewWires(['BTC', 'ETH', 'SOL', 'KAITO', 'IO']);
  const venues = createVenues().filter(({ onByDefault }) => onByDefault);
  expect(venues).toHaveLength(7);
  const asked: string[][] = [];
  for (let now = start; now < start + 2 * HOUR; now += POLL_MS) {
    const round: string[] = [];
    for (const venue of venues) {
      const { id } = venue;
      const request = ({ method = 'GET', path, body }: VenueRequest): Promise<string> => {
        round.push(`${id} ${path}`);
        const url = new URL(path, 'https://exchange.example');
        const answer = wires[id]?.({ method, path: url.pathname, query: url.searchParams, body: JSON.stringify(body ?? null) }, now);
        return Promise.resolve(answer?.body ?? '');
      };
      await venue.poll({ now, request });
    }
    asked.push(round);
  }
  return asked;
}

/* The numbers are said in docs/venues.md (build/docs-venues.ts), where they are more than the sixteen of a round. */
test.each([
  ['on the half minute', 0],
  ['between two', 11_000],
])('a round of the seven takes 16 requests and one list beside them, polled %s; the first takes all thirteen', async (_name, offsetMs) => {
  const all = await rounds(START + offsetMs);
  const [first, ...others] = all.map((round) => round.length);
  expect(first).toBe(16 + 13);
  expect(Math.max(...others)).toBe(17);
  expect(Math.min(...others)).toBeGreaterThanOrEqual(16);
  // No list is older than before: what every round does not ask for is asked for within the time that it is kept.
  const usual = new Set(all[1]?.filter((path) => all.slice(2, 10).every((round) => round.includes(path))));
  const beside = [...new Set(all.flat())].filter((path) => !usual.has(path));
  expect(beside).toHaveLength(13);
  const longest = beside.map((path) => {
    const at = all.flatMap((round, i) => (round.includes(path) ? [i * POLL_MS] : []));
    return [path, Math.max(...[...at.slice(1), all.length * POLL_MS].map((t, i) => t - (at[i] ?? NaN)))] as const;
  });
  expect(longest.filter(([, ms]) => ms <= KEPT_MS)).toHaveLength(9);
  expect(longest.filter(([, ms]) => ms > HOUR)).toEqual([]);
});
