import { defineMetric } from '../metric.ts';
import { whole } from '../params.ts';
import { Lag } from '../rolling/lag.ts';
import { HOURS_OF_DAY } from '../rows.ts';

export const priceChange = defineMetric({
  name: 'price-change',
  title: 'Price change',
  says: 'How far the mark price has moved over the last hours.',
  unit: 'fraction',
  on: 'hour',
  inputs: ['mark'],
  params: { hours: whole('Hours to look back.', { default: HOURS_OF_DAY, min: 1, max: 720, unit: 'h', usual: [1, 24, 168] }) },
  window: ({ hours }) => ({ length: hours + 1, of: 'rows', need: hours + 1, t: 'included' }),
  formula: 'mark(t)/mark(t - hours) - 1',
  source: 'a plain return',
  state: ({ hours }) => ({ marks: new Lag(hours), rows: 0 }),
  start({ hours }, no, kept) {
    const change = (mark: number, before: number): number => {
      if (mark !== mark) return no('no-price');
      if (kept.rows < hours) return no('warming-up');
      return before > 0 ? mark / before - 1 : no('no-price');
    };
    return {
      next(frame, row) {
        const mark = frame.mark[row]!;
        const value = change(mark, kept.marks.push(mark));
        kept.rows++;
        return value;
      },
      live: (frame, row) => change(frame.mark[row]!, kept.marks.value),
      audit: () => ({ earlier: { inputs: ['mark'], rows: hours } }),
    };
  },
});
