import { defineMetric } from '../metric.ts';
import { whole } from '../params.ts';
import { Lag } from '../rolling/lag.ts';
import { contractsHeld, contractsNote, HOURS_OF_DAY } from '../rows.ts';

export const openInterestChange = defineMetric({
  name: 'open-interest-change',
  title: 'OI change',
  says: 'How much of what is held was opened (below 0: closed) over the last hours, whatever the price did.',
  unit: 'fraction',
  on: 'hour',
  inputs: ['openInterest', 'mark'],
  params: { hours: whole('Hours to look back.', { default: HOURS_OF_DAY, min: 1, max: 720, unit: 'h', usual: [1, 24, 168] }) },
  window: ({ hours }) => ({ length: hours + 1, of: 'rows', need: hours + 1, t: 'included' }),
  formula: 'held(t)/held(t - hours) - 1, open interest in what the contracts are made of',
  source: 'domain 3.10, as a share',
  state: ({ hours }) => ({ held: new Lag(hours), rows: 0 }),
  start({ hours }, no, kept) {
    const change = (held: number, before: number): number => {
      if (held !== held) return no('no-open-interest');
      if (kept.rows < hours) return no('warming-up');
      return before > 0 ? held / before - 1 : no('no-open-interest');
    };
    return {
      next(frame, row) {
        const held = contractsHeld(frame, row);
        const value = change(held, kept.held.push(held));
        kept.rows++;
        return value;
      },
      live: (frame, row) => change(contractsHeld(frame, row), kept.held.value),
      audit: ({ instrument }) => ({
        earlier: { inputs: ['openInterest'], rows: hours },
        notes: contractsNote(instrument),
      }),
    };
  },
});
