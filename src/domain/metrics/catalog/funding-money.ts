import { usdPar } from '../../amounts.ts';
import type { FrameInstrument, HourFrame } from '../frames/frames.ts';
import { defineMetric, type StepAudit } from '../metric.ts';
import { choice } from '../params.ts';
import type { Reason } from '../reason.ts';
import { whyNoF } from '../rows.ts';

const HOURS_OF_DAY = 24;

type Money = 'usd' | 'quote';

/** One row of an instrument has no index of its money: only USD itself and stablecoins are told in USD. */
const isTold = ({ money }: FrameInstrument, into: Money): boolean => into === 'quote' || usdPar(money) !== null;

export const fundingMoney = defineMetric({
  name: 'funding-money',
  title: 'Funding in money',
  says: 'What all longs of the instrument pay all shorts (below 0: receive).',
  unit: 'money',
  on: 'hour',
  inputs: ['f', 'mark', 'openInterest'],
  params: {
    per: choice('Over a day or over the funding interval.', ['day', 'interval']),
    money: choice('In USD, stablecoins 1:1 (so that instruments compare), or in the quote money of the instrument.', ['usd', 'quote']),
  },
  formula: 'rate x open interest x mark',
  source: 'domain 3.9',
  replay(frame, { per, money }) {
    const { f, intervalH, openInterest, openInterestQuote, instrument } = frame;
    const told = isTold(instrument, money);
    const values = new Float64Array(f.length).fill(NaN);
    for (let row = 0; told && row < values.length; row++)
      values[row] = f[row]! * (per === 'day' ? HOURS_OF_DAY : intervalH[row]!) * openInterestQuote[row]!;
    return {
      values,
      why(row): Reason {
        if (f[row] !== f[row]) return whyNoF(frame, row);
        if (!told) return 'no-usd';
        return openInterest[row] === openInterest[row] ? 'no-price' : 'no-open-interest';
      },
    };
  },
  start({ per, money }, no) {
    const next = (frame: HourFrame, row: number): number => {
      const f = frame.f[row]!;
      if (f !== f) return no(whyNoF(frame, row));
      if (!isTold(frame.instrument, money)) return no('no-usd');
      if (frame.openInterest[row] !== frame.openInterest[row]) return no('no-open-interest');
      const paid = f * (per === 'day' ? HOURS_OF_DAY : frame.intervalH[row]!) * frame.openInterestQuote[row]!;
      return paid === paid ? paid : no('no-price');
    };
    const audit = ({ instrument, intervalH, openInterestQuote }: HourFrame, row: number): StepAudit => ({
      parts: { hours: per === 'day' ? HOURS_OF_DAY : intervalH[row]!, openInterestMoney: openInterestQuote[row]! },
      ...(money === 'usd' && usdPar(instrument.money) === 'stablecoin' && { notes: [`one ${instrument.money} counts as one USD`] }),
    });
    return { next, live: next, audit };
  },
});
