import { expect, it } from 'vitest';
import type { VenueHealth } from '#bridge/contract.ts';
import { venueBar } from '#renderer/features/venues/bar.ts';

let made = 0;
const venue = (state: VenueHealth['state']): VenueHealth => ({
  id: `v${made++}`,
  name: 'V',
  ownUrl: 'https://v.example',
  givenUrl: null,
  state,
  okAt: null,
  latencyMs: null,
  error: null,
  nextTryAt: null,
  pollMs: 30_000,
  instruments: 0,
  refused: 0,
  refusals: [],
  missing: 0,
  clockOffsetMs: null,
  aheadMs: 0,
  backfilling: 0,
  filling: [],
  unserved: 0,
  holes: [],
});
const many = (n: number, state: VenueHealth['state']): VenueHealth[] => Array.from({ length: n }, () => venue(state));
function told(health: readonly VenueHealth[]) {
  const { named, healthy, starting, troubled, off, ...has } = venueBar(health);
  return { named: named.map(({ state }) => state), counted: [healthy, starting, troubled, off].map(({ length }) => length), ...has };
}

it('a few venues stand with their figures, seven by name, those that are off as a number', () => {
  expect(told([...many(3, 'healthy'), ...many(2, 'off')])).toEqual({
    named: ['healthy', 'healthy', 'healthy', 'off', 'off'],
    counted: [0, 0, 0, 0],
    hasFigures: true,
    hasWords: true,
  });
  const seven = told([...many(6, 'healthy'), venue('down'), ...many(30, 'off')]);
  expect(seven).toMatchObject({ counted: [0, 0, 0, 30], hasFigures: false, hasWords: true });
  expect(seven.named).toHaveLength(7);
});

it('of twenty the healthy ones are a number, those in trouble stand by name', () => {
  expect(told([...many(17, 'healthy'), venue('limited'), ...many(2, 'starting'), ...many(20, 'off')])).toEqual({
    named: ['limited'],
    counted: [17, 2, 0, 20],
    hasFigures: false,
    hasWords: true,
  });
});

it('where all are down seven stand by name without their words, the others are a number', () => {
  const all = told(many(20, 'down'));
  expect(all.named).toHaveLength(7);
  expect(all).toMatchObject({ counted: [0, 0, 13, 0], hasWords: false });
  expect(told(many(7, 'down'))).toMatchObject({ counted: [0, 0, 0, 0], hasWords: false });
});
