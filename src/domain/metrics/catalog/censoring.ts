import type { SettlementFrame } from '../frames/frames.ts';
import { defineMetric, type No, type StepAudit } from '../metric.ts';
import { capAt, floorAt, restingRate, termsAt, termsNotes } from '../venue-terms.ts';

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
  if (termsAt(instrument, time[row]!) === null) return no('not-for-venue');
  if (!(intervalH[row]! > 0)) return no('interval-unknown');
  if (isAt(rate[row]!, capAt(instrument, time[row]!))) return AT_CAP;
  if (isAt(rate[row]!, floorAt(instrument, time[row]!))) return AT_FLOOR;
  return isAt(rate[row]!, restingRate(instrument, intervalH[row]!, time[row]!)) ? AT_INTEREST : FREE;
}

/** The limits that the rate is held against. */
function limits({ instrument, intervalH, time }: SettlementFrame, row: number): StepAudit {
  return {
    parts: {
      atInterest: restingRate(instrument, intervalH[row]!, time[row]!) ?? NaN,
      cap: capAt(instrument, time[row]!) ?? NaN,
      floor: floorAt(instrument, time[row]!) ?? NaN,
    },
    notes: termsNotes(instrument, time[row]!),
  };
}

const isAt = (rate: number, limit: number | null): boolean => limit !== null && Math.abs(rate - limit) <= WITHIN;
