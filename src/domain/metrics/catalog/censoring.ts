import type { SettlementFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { restingRate, termsAt } from '../venue-terms.ts';

const WITHIN = 5e-9;
const FREE = 0;
const AT_INTEREST = 1;
const AT_CAP = 2;
const AT_FLOOR = 3;

export const censoring = defineMetric({
  name: 'censoring',
  title: 'Censored rate',
  says: 'Whether the rate rests at the interest, the cap or the floor, where it no longer tells the premium.',
  unit: 'label',
  on: 'settlement',
  inputs: ['rate', 'intervalH'],
  params: {},
  labels: { [FREE]: 'free', [AT_INTEREST]: 'at interest', [AT_CAP]: 'at cap', [AT_FLOOR]: 'at floor' },
  formula: "|rate - I'/k|, |rate - cap| or |rate - floor| <= 5e-9; a term that is not known makes no mark",
  source: 'domain 3.6',
  start(_params, no) {
    const next = ({ instrument, rate, intervalH, time }: SettlementFrame, row: number): number => {
      const terms = termsAt(instrument, time[row]!);
      if (terms === null) return no('not-for-venue');
      if (!(intervalH[row]! > 0)) return no('interval-unknown');
      const at = (limit: number | null): boolean => limit !== null && Math.abs(rate[row]! - limit) <= WITHIN;
      if (at(instrument.cap ?? terms.cap)) return AT_CAP;
      if (at(instrument.floor ?? terms.floor)) return AT_FLOOR;
      return at(restingRate(instrument, intervalH[row]!, time[row]!)) ? AT_INTEREST : FREE;
    };
    return { next, live: next };
  },
});
