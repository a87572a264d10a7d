import { defineMetric } from '../metric.ts';
import { Lag } from '../rolling/lag.ts';
import { rollingRanks, type RankColumns } from '../rolling/ranks.ts';
import { SortedWindow } from '../rolling/sorted.ts';
import { HOURS_OF_DAY, RANK_HOURS, trailing, whyNoF } from '../rows.ts';
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
  replay(frame, _params, no) {
    const { f, openInterest } = frame;
    const premium = premiumsOf(frame);
    const { need } = trailing(RANK_HOURS);
    const rates = rollingRanks(f.map(Math.abs), RANK_HOURS);
    const changes = rollingRanks(
      openInterest.map((interest, row) => interest - (openInterest[row - HOURS_OF_DAY] ?? NaN)),
      RANK_HOURS,
    );
    const premiums = rollingRanks(premium.map(Math.abs), RANK_HOURS);
    const rankAt = ({ count, rank }: RankColumns, row: number): number => (count[row]! >= need ? rank[row]! : NaN);
    return (row) => {
      if (f[row] !== f[row]) return no(whyNoF(frame, row));
      if (openInterest[row] !== openInterest[row]) return no('no-open-interest');
      if (premium[row] !== premium[row]) return no('no-price');
      const mean = (rankAt(rates, row) + rankAt(changes, row) + rankAt(premiums, row)) / 3;
      return mean === mean ? mean : no('warming-up');
    };
  },
  start(_params, no) {
    const rates = new SortedWindow(RANK_HOURS);
    const changes = new SortedWindow(RANK_HOURS);
    const premiums = new SortedWindow(RANK_HOURS);
    const interests = new Lag(HOURS_OF_DAY);
    const { need } = trailing(RANK_HOURS);
    const parts = { funding: NaN, openInterest: NaN, premium: NaN };
    return {
      next(frame, row) {
        const f = Math.abs(frame.f[row]!);
        const change = frame.openInterest[row]! - interests.push(frame.openInterest[row]!);
        const premium = Math.abs(frame.mark[row]! / frame.index[row]! - 1);
        rates.push(f);
        changes.push(change);
        premiums.push(premium);
        parts.funding = f === f && rates.count >= need ? rates.lastRank() : NaN;
        parts.openInterest = change === change && changes.count >= need ? changes.lastRank() : NaN;
        parts.premium = premium === premium && premiums.count >= need ? premiums.lastRank() : NaN;
        if (f !== f) return no(whyNoF(frame, row));
        if (frame.openInterest[row] !== frame.openInterest[row]) return no('no-open-interest');
        if (premium !== premium) return no('no-price');
        const mean = (parts.funding + parts.openInterest + parts.premium) / 3;
        return mean === mean ? mean : no('warming-up');
      },
      audit: () => ({ n: Math.min(rates.count, changes.count, premiums.count), parts: { ...parts } }),
    };
  },
});
