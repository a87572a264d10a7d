import type { HourFrame } from '../frames/frames.ts';
import { defineMetric, type StepAudit } from '../metric.ts';
import { choice } from '../params.ts';
import { whyNoF } from '../rows.ts';

const HOURS_OF_DAY = 24;

export const fundingMoney = defineMetric({
  name: 'funding-money',
  title: 'Funding in money',
  says: 'What all longs of the instrument pay all shorts (below 0: receive), in quote money.',
  unit: 'quote-money',
  on: 'hour',
  inputs: ['f', 'mark', 'openInterest'],
  params: { per: choice('Over a day or over the funding interval.', ['day', 'interval']) },
  formula: 'rate x open interest x mark; linear contracts (the contract size of inverse ones is not recorded)',
  source: 'domain 3.9',
  replay(frame, { per }) {
    const { f, intervalH, openInterest, mark } = frame;
    const isLinear = frame.instrument.contract === 'linear';
    const values = new Float64Array(f.length).fill(NaN);
    for (let row = 0; isLinear && row < values.length; row++) {
      values[row] = f[row]! * (per === 'day' ? HOURS_OF_DAY : intervalH[row]!) * openInterest[row]! * mark[row]!;
    }
    return {
      values,
      why: (row) =>
        f[row] !== f[row] ? whyNoF(frame, row) : isLinear && openInterest[row] === openInterest[row] ? 'no-price' : 'no-open-interest',
    };
  },
  start({ per }, no) {
    const next = (frame: HourFrame, row: number): number => {
      const f = frame.f[row]!;
      if (f !== f) return no(whyNoF(frame, row));
      const interest = frame.instrument.contract === 'linear' ? frame.openInterest[row]! : NaN;
      if (interest !== interest) return no('no-open-interest');
      const money = f * (per === 'day' ? HOURS_OF_DAY : frame.intervalH[row]!) * interest * frame.mark[row]!;
      return money === money ? money : no('no-price');
    };
    const audit = (frame: HourFrame, row: number): StepAudit => ({
      parts: { hours: per === 'day' ? HOURS_OF_DAY : frame.intervalH[row]! },
    });
    return { next, live: next, audit };
  },
});
