import { usdPar } from '../../amounts.ts';
import type { HourFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { choice } from '../params.ts';

export const openInterest = defineMetric({
  name: 'open-interest',
  title: 'Open interest',
  says: 'What is held, at the mark price.',
  unit: 'money',
  on: 'hour',
  inputs: ['openInterest', 'mark'],
  params: {
    money: choice('In USD, stablecoins 1:1 (so that instruments compare), or in the quote money of the instrument.', ['usd', 'quote']),
  },
  formula: 'open interest x mark',
  source: 'domain 3.9',
  start({ money }, no) {
    const next = ({ instrument, openInterest: held, openInterestQuote }: HourFrame, row: number): number => {
      // One row of an instrument has no index of its money: only USD itself and stablecoins are told in USD.
      if (money === 'usd' && usdPar(instrument.money) === null) return no('no-usd');
      if (held[row] !== held[row]) return no('no-open-interest');
      const value = openInterestQuote[row]!;
      return value === value ? value : no('no-price');
    };
    return {
      next,
      live: next,
      audit: ({ instrument }) => ({
        notes: money === 'usd' && usdPar(instrument.money) === 'stablecoin' ? [`one ${instrument.money} counts as one USD`] : [],
      }),
    };
  },
});
