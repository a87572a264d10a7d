import { expect, test } from 'vitest';
import { type Listing, unknownInstrument } from '#core/listings.ts';
import { buildRow, type RowParts } from '#core/read/watch-rows.ts';
import type { Snapshot } from '#core/venue.ts';

const NOW = 1_700_000_000_000;
const snapshot: Snapshot = {
  symbol: 'X',
  rate: 0.0008,
  intervalH: 8,
  nextFundingAt: NOW + 1000,
  mark: 2,
  index: 2,
  openInterest: 3,
  volume24h: 4,
  interestPer8h: 0.0001,
};
const listing: Listing = { instrument: unknownInstrument('v:X'), snapshot, observedAt: NOW - 1000, intervalH: 8, missing: 0 };
const view = {
  closedTo: NOW,
  emaNow: 0.00002,
  warmHours: 40,
  state: { phase: 'quiet', side: 0, periods: 0, enteredAt: null, observations: 0, running: 0, crowded: false },
  spark: new Float64Array([1]),
  why: null,
  intervalH: 4,
  settledAt: new Float64Array(),
  params: { theta: 0.0005, k: 3, n: 12 },
  neutralPerHour: null,
} as const;
const parts: RowParts = {
  id: 'v:X',
  listing,
  view,
  params: view.params,
  accrues: false,
  own: [],
  pinned: null,
  polls: 1,
  now: NOW,
  pollMs: 30_000,
  cells: {},
};
const row = (change: Partial<RowParts>) => buildRow({ ...parts, ...change });

test('a live row: rate per hour, average, D, neutral per hour', () => {
  const { f, ema, d, why, status, neutralPerHour } = row({});
  expect({ f, ema, d, why, status, neutralPerHour }).toEqual({
    f: 0.0001,
    ema: 0.00002,
    d: 0.00008,
    why: null,
    status: 'live',
    neutralPerHour: 0.0000125,
  });
});

test.each([
  ['no venue has answered', { listing: null, polls: 0 }, 'waiting', 'waiting'],
  ['no venue lists it', { listing: null, polls: 3 }, 'unlisted', 'unlisted'],
  [
    'known, but not yet seen in this run',
    { listing: { ...listing, snapshot: null, observedAt: null, missing: 3 }, polls: 0 },
    'waiting',
    'waiting',
  ],
  ['three polls lacked it', { listing: { ...listing, missing: 3 } }, 'unlisted', 'unlisted'],
  ['delisted before this run', { listing: { ...listing, missing: 3 }, polls: 0 }, 'unlisted', 'unlisted'],
  ['older than five minutes', { now: NOW + 300_000 }, 'live', 'stale'],
  ['before its first close is worked out', { view: null }, 'live', 'waiting'],
  ['too few hours', { view: { ...view, why: 'warming-up', emaNow: NaN } }, 'live', 'warming-up'],
  ['a gap', { view: { ...view, why: 'gap', emaNow: NaN } }, 'live', 'gap'],
  ['no interval anywhere', { listing: { ...listing, intervalH: null }, view: { ...view, intervalH: NaN } }, 'live', 'interval-unknown'],
] as const)('%s', (_, change, status, why) => {
  expect(row(change)).toMatchObject({ status, d: null, why });
});

test('without a stated interval the last closed hour’s counts; without an interest there is no neutral', () => {
  expect(row({ listing: { ...listing, intervalH: null } })).toMatchObject({ f: 0.0002, intervalH: 4 });
  expect(row({ listing: { ...listing, snapshot: { ...snapshot, interestPer8h: null } } }).neutralPerHour).toBeNull();
});

test('an id that is not known keeps its symbol, colons and all', () => {
  expect(unknownInstrument('hyperliquid:xyz:GOLD')).toMatchObject({ venue: 'hyperliquid', symbol: 'xyz:GOLD', asset: 'xyz:GOLD' });
});
