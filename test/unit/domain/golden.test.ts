import { describe, expect, test } from 'vitest';
import { emaDivergence } from '#domain/divergence.ts';
import { hourlySeries } from '#domain/series.ts';
import { replaySignals } from '#test/support/replay.ts';
import { golden, haveRecorded, recorded } from './recorded.ts';
import { unobserved } from './market.ts';

const expected = haveRecorded ? golden() : { ema_divergence: [], signals: [], cumulative: [] };
const seriesOf = (venue: string, symbol: string) => {
  const settled = recorded(`funding-1y/${venue}/${symbol}.csv`);
  return hourlySeries(settled, unobserved, null, settled.key.at(-1)!);
};

describe.skipIf(!haveRecorded)('equal to the reference values', () => {
  test.each(expected.ema_divergence)('D, $venue $symbol, n = $n', ({ venue, symbol, n, hours, gaps, points }) => {
    const series = seriesOf(venue, symbol);
    const { d } = emaDivergence(series.f, n);
    expect(series.time.length).toBe(hours);
    expect(series.f.filter(Number.isNaN).length).toBe(gaps);
    expect(points.length).toBeGreaterThan(30);
    for (const point of points) {
      const mine = d[series.time.indexOf(point.t)]!;
      if (point.d === null) expect(mine).toBeNaN();
      else expect(Math.abs(mine - point.d)).toBeLessThanOrEqual(1e-15);
    }
  });

  test.each(expected.signals)('entries, $venue $symbol, theta = $theta_per_hour', ({ venue, symbol, n, theta_per_hour, k, entries }) => {
    const series = seriesOf(venue, symbol);
    const replay = replaySignals(series, emaDivergence(series.f, n).d, { theta: theta_per_hour, k });
    expect(replay.entries.map(({ at, side }) => ({ t: at, side }))).toEqual(entries);
  });

  test.each(expected.cumulative)('settlements of $venue $symbol are one row each', ({ venue, symbol, settlements, sum }) => {
    const { rate } = recorded(`funding-1y/${venue}/${symbol}.csv`);
    expect(rate.length).toBe(settlements);
    // The rows are the subject here, not how they are summed.
    expect(rate.reduce((total, value) => total + value, 0)).toBeCloseTo(sum, 12);
  });
});
