import { expect, test } from 'vitest';
import type { HistoryStore } from '#core/ports/history.ts';
import { nextMoment } from '#core/read/past-step.ts';
import type { Then } from '#core/read/then.ts';
import { instrument, HOUR, openWith, T0 } from '../../node/history/support.ts';

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const BTC = instrument('BTC').id;

/** Settlements at these hours, by a real store. */
function storeOf(...hours: readonly number[]): Pick<HistoryStore, 'settled'> {
  const { store } = openWith('BTC');
  const rows = hours.map((h) => ({ stamp: T0 + h * HOUR, rate: 0.1, intervalH: 8, mark: null, premium: null }));
  store.recordSettled(BTC, rows, T0 + 90 * DAY, null);
  return { settled: (...range) => Promise.resolve(store.settled(...range)) };
}
const recorded = (at: number): Then => ({ at, known: at });
const venueTime = (at: number): Then => ({ at, known: null });
const settlement = async (store: Pick<HistoryStore, 'settled'>, from: Then, to: 1 | -1, isPolled = true): Promise<Then> =>
  nextMoment({ store, from, step: { by: 'settlement', to, instrument: BTC }, isPolled, now: T0 + 60 * DAY });

test('a settlement is stepped to where its hour was closed, or by venue time to its key, and never stays where it stands', async () => {
  const store = storeOf(0, 8, 16);
  expect(await settlement(store, recorded(T0 + HOUR), 1)).toEqual(recorded(T0 + 8 * HOUR + 5 * MINUTE));
  expect(await settlement(store, recorded(T0 + 8 * HOUR), 1)).toEqual(recorded(T0 + 8 * HOUR + 5 * MINUTE));
  expect(await settlement(store, recorded(T0 + 8 * HOUR + 5 * MINUTE), 1)).toEqual(recorded(T0 + 16 * HOUR + 5 * MINUTE));
  expect(await settlement(store, recorded(T0 + 8 * HOUR + 5 * MINUTE), -1)).toEqual(recorded(T0 + 5 * MINUTE));
  expect(await settlement(store, venueTime(T0 + 8 * HOUR), 1)).toEqual(venueTime(T0 + 16 * HOUR));
  expect(await settlement(store, venueTime(T0 + 8 * HOUR), -1)).toEqual(venueTime(T0));
  expect(await settlement(store, recorded(T0 + HOUR), 1, false)).toEqual(recorded(T0 + 9 * HOUR));
});

test('a gap is stepped over however long it is; where nothing is there it says so', async () => {
  const store = storeOf(0, 24 * 30);
  expect(await settlement(store, venueTime(T0), 1)).toEqual(venueTime(T0 + 30 * DAY));
  expect(await settlement(store, venueTime(T0 + 30 * DAY), -1)).toEqual(venueTime(T0));
  await expect(settlement(store, venueTime(T0), -1)).rejects.toThrow('There is no earlier settlement in the history.');
  await expect(settlement(store, venueTime(T0 + 30 * DAY), 1)).rejects.toThrow('There is no later settlement in the history.');
});
