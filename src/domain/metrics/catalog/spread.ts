import type { GroupFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { findSpreadPair, spreadPairNotes, spreadsOf, whyTooFew, type SpreadPair } from '../spread-pair.ts';

export const spread = defineMetric({
  name: 'spread',
  title: 'Cross-venue spread',
  says: 'Highest less lowest funding of one asset over its venues: what a short on one and a long on the other earn.',
  unit: 'rate-per-hour',
  on: 'asset',
  inputs: ['f'],
  params: {},
  formula: "max f - min f over the instruments of the asset that have an f and whose price is the asset's",
  source: 'domain 3.4',
  replay: (frame) => ({ values: spreadsOf(frame).slice(), why: (row) => whyTooFew(frame, row) }),
  start(_params, no) {
    const pair: SpreadPair = { high: -1, low: -1, count: 0 };
    const next = (frame: GroupFrame, row: number): number => {
      findSpreadPair(frame, row, pair);
      return pair.count < 2 ? no(whyTooFew(frame, row)) : frame.legs[pair.high]!.f[row]! - frame.legs[pair.low]!.f[row]!;
    };
    return {
      next,
      live: next,
      audit: (frame, row) =>
        pair.count < 2
          ? { instruments: pair.count }
          : {
              instruments: pair.count,
              parts: { high: frame.legs[pair.high]!.f[row]!, low: frame.legs[pair.low]!.f[row]! },
              notes: spreadPairNotes(frame, pair),
            },
    };
  },
});
