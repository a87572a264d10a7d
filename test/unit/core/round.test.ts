import { expect, test } from 'vitest';
import type { VenueRequest } from '#core/venue.ts';
import { createVenues } from '#node/venues/index.ts';
import { fewWires } from '#test/support/spoilt-world.ts';
import { HOUR, START } from '#test/support/world.ts';

const POLL_MS = 30_000;
const MINUTE = 60_000;

/** What each of the venues that are on for a new user asks in every round of nine hours, on the demo's wires. */
async function rounds(start: number): Promise<string[][]> {
  const wires = fewWires(['BTC', 'ETH', 'SOL', 'KAITO', 'IO']);
  const venues = createVenues().filter(({ onByDefault }) => onByDefault);
  expect(venues).toHaveLength(7);
  const asked: string[][] = [];
  for (let now = start; now < start + 9 * HOUR; now += POLL_MS) {
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

/* The numbers are said in docs/venues.md (build/docs-venues.ts). Nine hours hold a settlement of every interval. */
test.each([
  ['on the half minute', 0],
  ['between two', 11_000],
])('a round of the seven takes 16 requests at most, polled %s; the first takes all lists besides', async (_name, offsetMs) => {
  const all = await rounds(START + offsetMs);
  const [first, ...others] = all.map((round) => round.length);
  expect(Math.max(...others)).toBe(16);
  expect(Math.min(...others)).toBeGreaterThanOrEqual(15);
  const usual = new Set(all[1]?.filter((path) => all.slice(2, 12).every((round) => round.includes(path))));
  expect(usual.size).toBe(15);
  const beside = [...new Set(all.flat())].filter((path) => !usual.has(path));
  expect(first).toBe(15 + beside.length);
  // No list gets older than it may for its turn.
  const longest = beside.map((path) => {
    const at = all.flatMap((round, i) => (round.includes(path) ? [i * POLL_MS] : []));
    return [path, Math.max(...[...at.slice(1), all.length * POLL_MS].map((t, i) => t - (at[i] ?? NaN)))] as const;
  });
  const within = (ms: number): string[] => longest.flatMap(([path, longestMs]) => (longestMs <= ms ? [path] : []));
  expect(within(2.5 * MINUTE)).toEqual(['okx /api/v5/public/open-interest?instType=SWAP']);
  expect(within(5 * MINUTE)).toHaveLength(1 + 5);
  expect(within(10 * MINUTE)).toHaveLength(1 + 5 + 4);
  expect(within(HOUR)).toHaveLength(beside.length);
});
