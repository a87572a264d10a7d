import { defineMetric } from '../metric.ts';
import { Lag } from '../rolling/lag.ts';
import { rollingRanks } from '../rolling/ranks.ts';
import { SortedWindow } from '../rolling/sorted.ts';
import { contractsHeld, contractsNote, HOURS_OF_DAY, RANK_HOURS, trailing, whyNoF } from '../rows.ts';
import { premiumsOf } from '../shared.ts';

export const stress = defineMetric({
  name: 'stress',
  title: 'Stress',
  says: 'Pressure to deleverage: how unusual funding, the build-up of open interest and the premium are together.',
  unit: 'percent-rank',
  on: 'hour',
  inputs: ['f', 'openInterest', 'mark', 'index'],
  params: {},
  window: () => trailing(RANK_HOURS),
  formula: 'mean of the percentile ranks in 90 days of |f|, of the 24 h change of open interest in contracts, of |premium|',
  source: 'domain 3.10',
  replay(frame) {
    const { f, openInterest } = frame;
    const premium = premiumsOf(frame);
    const { need } = trailing(RANK_HOURS);
    const column = new Float64Array(f.length);
    for (let row = 0; row < column.length; row++) column[row] = Math.abs(f[row]!);
    const values = rollingRanks(column, RANK_HOURS, need);
    column.fill(NaN, 0, HOURS_OF_DAY);
    for (let row = HOURS_OF_DAY; row < column.length; row++)
      column[row] = contractsHeld(frame, row) - contractsHeld(frame, row - HOURS_OF_DAY);
    const changes = rollingRanks(column, RANK_HOURS, need);
    for (let row = 0; row < column.length; row++) column[row] = Math.abs(premium[row]!);
    const premiums = rollingRanks(column, RANK_HOURS, need);
    for (let row = 0; row < values.length; row++) values[row] = (values[row]! + changes[row]! + premiums[row]!) / 3;
    return {
      values,
      why(row) {
        if (f[row] !== f[row]) return whyNoF(frame, row);
        if (openInterest[row] !== openInterest[row]) return 'no-open-interest';
        return premium[row] === premium[row] ? 'warming-up' : 'no-price';
      },
    };
  },
  state: () => ({
    rates: new SortedWindow(RANK_HOURS),
    changes: new SortedWindow(RANK_HOURS),
    premiums: new SortedWindow(RANK_HOURS),
    interests: new Lag(HOURS_OF_DAY),
  }),
  start(_params, no, kept) {
    const { need } = trailing(RANK_HOURS);
    const parts = { funding: NaN, openInterest: NaN, premium: NaN };
    return {
      next(frame, row) {
        const f = Math.abs(frame.f[row]!);
        const held = contractsHeld(frame, row);
        const change = held - kept.interests.push(held);
        const premium = Math.abs(frame.mark[row]! / frame.index[row]! - 1);
        kept.rates.push(f);
        kept.changes.push(change);
        kept.premiums.push(premium);
        parts.funding = f === f && kept.rates.count >= need ? kept.rates.lastRank() : NaN;
        parts.openInterest = change === change && kept.changes.count >= need ? kept.changes.lastRank() : NaN;
        parts.premium = premium === premium && kept.premiums.count >= need ? kept.premiums.lastRank() : NaN;
        if (f !== f) return no(whyNoF(frame, row));
        if (frame.openInterest[row] !== frame.openInterest[row]) return no('no-open-interest');
        if (premium !== premium) return no('no-price');
        const mean = (parts.funding + parts.openInterest + parts.premium) / 3;
        return mean === mean ? mean : no('warming-up');
      },
      audit: (frame) => ({
        n: Math.min(kept.rates.count, kept.changes.count, kept.premiums.count),
        earlier: { inputs: ['openInterest'], rows: HOURS_OF_DAY },
        parts: { ...parts },
        notes: [
          ...contractsNote(frame.instrument),
          `values ranked: ${kept.rates.count} of funding, ${kept.changes.count} of open interest, ${kept.premiums.count} of the premium`,
        ],
      }),
    };
  },
});
