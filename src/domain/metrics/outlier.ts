import { OF_MEAN, OF_MEDIAN } from './rolling/robust.ts';
import { SortedWindow } from './rolling/sorted.ts';

/** So many robust deviations from the median, as a spike is of its own month (domain 3.7). */
const FAR = 4;
/** Fewer values have no crowd to stand apart from. */
const FEWEST = 4;
/** 0.001 % per 8 h: venues that all rest at one rate differ by less and mean nothing by it. */
const LEAST = 0.00001 / 8;

/** Tells whether a rate per hour stands far from the median of these, which are of one asset's instruments at one moment. */
export function outlierOf(rates: readonly number[]): (rate: number) => boolean {
  if (rates.length < FEWEST) return () => false;
  const sorted = new SortedWindow(rates.length);
  for (const rate of rates) sorted.push(rate);
  const [median, mad] = [sorted.median(), sorted.medianDeviation()];
  const scale = mad > 0 ? OF_MEDIAN * mad : OF_MEAN * sorted.meanDeviation();
  return (rate) => Math.abs(rate - median) > Math.max(FAR * scale, LEAST);
}
