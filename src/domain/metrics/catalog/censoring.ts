import type { SettlementFrame } from '../frames/frames.ts';
import { defineMetric, type No, type StepAudit } from '../metric.ts';
import { restingRate, termsAt, termsNotes } from '../venue-terms.ts';

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
    const next = (frame: SettlementFrame, row: number): number => censored(frame, row, no);
    return { next, live: next, audit: limits };
  },
});

function censored({ instrument, rate, intervalH, time }: SettlementFrame, row: number, no: No): number {
  const terms = termsAt(instrument, time[row]!);
  if (terms === null) return no('not-for-venue');
  if (!(intervalH[row]! > 0)) return no('interval-unknown');
  if (isAt(rate[row]!, instrument.cap ?? terms.cap)) return AT_CAP;
  if (isAt(rate[row]!, instrument.floor ?? terms.floor)) return AT_FLOOR;
  return isAt(rate[row]!, restingRate(instrument, intervalH[row]!, time[row]!)) ? AT_INTEREST : FREE;
}

/** The limits that the rate is held against. */
function limits({ instrument, intervalH, time }: SettlementFrame, row: number): StepAudit {
  const terms = termsAt(instrument, time[row]!);
  return {
    parts: {
      atInterest: restingRate(instrument, intervalH[row]!, time[row]!) ?? NaN,
      cap: instrument.cap ?? terms?.cap ?? NaN,
      floor: instrument.floor ?? terms?.floor ?? NaN,
    },
    notes: termsNotes(instrument, time[row]!),
  };
}

const isAt = (rate: number, limit: number | null): boolean => limit !== null && Math.abs(rate - limit) <= WITHIN;
