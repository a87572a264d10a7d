import fc from 'fast-check';
import { type ObservedHours, type SettledRates } from '#domain/series.ts';
import { HOUR_MS } from '#domain/time.ts';

/** Where generated markets begin: a whole hour, and not one at which 8 h intervals would begin of themselves. */
export const START = 1_700_010_000_000 - (1_700_010_000_000 % HOUR_MS);
export const at = (hour: number): number => START + hour * HOUR_MS;

/** No hour was observed. */
export const unobserved: ObservedHours = {
  close: new Float64Array(),
  observedAt: new Float64Array(),
  rate: new Float64Array(),
  intervalH: new Float64Array(),
};

/** Settlements at hours after START: [hour, rate, interval]. */
export const settledAt = (rows: readonly (readonly [number, number, number])[]): SettledRates => ({
  key: Float64Array.from(rows, ([hour]) => at(hour)),
  rate: Float64Array.from(rows, ([, rate]) => rate),
  intervalH: Float64Array.from(rows, ([, , intervalH]) => intervalH),
});

/** Observations in the hours that close at: [hour, rate, interval], a minute before the close unless told otherwise. */
export const observedIn = (rows: readonly (readonly [number, number, number])[], beforeCloseMs = 60_000): ObservedHours => ({
  close: Float64Array.from(rows, ([hour]) => at(hour)),
  observedAt: Float64Array.from(rows, ([hour]) => at(hour) - beforeCloseMs),
  rate: Float64Array.from(rows, ([, rate]) => rate),
  intervalH: Float64Array.from(rows, ([, , intervalH]) => intervalH),
});

export interface Market {
  readonly settled: SettledRates;
  readonly hours: ObservedHours;
}

/** Plateaus at the interest rate, signed zeros, caps and anything between. */
const rate = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0.0001, 0.00005, 0.0000125) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, 0.003, -0.02) },
  { weight: 3, arbitrary: fc.double({ min: -0.01, max: 0.01, noNaN: true }) },
);

/** Stretches of one interval, with settlements that are missing, rows whose interval is unknown, and hours that were observed. */
export const market: fc.Arbitrary<Market> = fc
  .array(
    fc.record({
      intervalH: fc.constantFrom(1, 2, 4, 8),
      rows: fc.array(fc.record({ rate, missing: fc.nat(9), unknown: fc.nat(9), offHour: fc.nat(19) }), { minLength: 1, maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .chain((stretches) => {
    const settled: [number, number, number][] = [];
    let hour = 0;
    for (const { intervalH, rows } of stretches) {
      for (const row of rows) {
        hour += intervalH;
        const keyHour = row.offHour === 0 && intervalH > 1 ? hour - 0.5 : hour;
        if (row.missing > 0) settled.push([keyHour, row.rate, row.unknown === 0 ? NaN : intervalH]);
      }
    }
    const observation = fc.tuple(fc.integer({ min: 1, max: hour + 12 }), rate, fc.constantFrom(1, 8, 8, NaN), fc.nat(HOUR_MS - 1));
    return fc.uniqueArray(observation, { selector: ([close]) => close, maxLength: Math.ceil(hour / 2) }).map((observations): Market => {
      const sorted = observations.sort(([a], [b]) => a - b);
      const hours = observedIn(sorted.map(([close, value, intervalH]) => [close, value, intervalH] as const));
      sorted.forEach(([close, , , agoMs], i) => (hours.observedAt[i] = at(close) - agoMs));
      return { settled: settledAt(settled), hours };
    });
  });

/** What was known at `t`: the settlements and the hours that had closed. */
export const knownAt = ({ settled, hours }: Market, t: number): Market => {
  const rows = settled.key.filter((key) => key <= t).length;
  const closed = hours.close.filter((close) => close <= t).length;
  return {
    settled: { key: settled.key.slice(0, rows), rate: settled.rate.slice(0, rows), intervalH: settled.intervalH.slice(0, rows) },
    hours: {
      close: hours.close.slice(0, closed),
      observedAt: hours.observedAt.slice(0, closed),
      rate: hours.rate.slice(0, closed),
      intervalH: hours.intervalH.slice(0, closed),
    },
  };
};

/** Columns hold numbers or NaN; nothing else may leave. */
export const isClean = (values: Float64Array): boolean =>
  values.every((value) => (Number.isFinite(value) ? !Object.is(value, -0) : Number.isNaN(value)));
