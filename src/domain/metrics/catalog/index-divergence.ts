import type { GroupFrame } from '../frames/frames.ts';
import { defineMetric } from '../metric.ts';
import { GroupValues } from '../group-values.ts';

const LEAST_VENUES = 3;

export const indexDivergence = defineMetric({
  name: 'index-divergence',
  title: 'Index divergence',
  says: "How far one venue's index stands from the others': the mark of an oracle or feed fault.",
  unit: 'fraction',
  on: 'asset',
  inputs: ['index'],
  params: {},
  formula: 'max over venues of |ln(index_v / median index)|, from 3 venues up; a venue counts once, by its first instrument',
  source: 'domain 3.4',
  start(_params, no) {
    const indexes = new GroupValues();
    const next = (frame: GroupFrame, row: number): number => {
      collect(frame, row, indexes);
      if (indexes.count < LEAST_VENUES) return no('too-few');
      return Math.log(Math.max(indexes.highest / indexes.median, indexes.median / indexes.lowest));
    };
    return {
      next,
      live: next,
      audit: () => ({ instruments: indexes.count, parts: { median: indexes.median, highest: indexes.highest, lowest: indexes.lowest } }),
    };
  },
});

/** The first index of each venue. */
function collect(frame: GroupFrame, row: number, into: GroupValues): void {
  into.clear();
  for (let leg = 0; leg < frame.legs.length; leg++) {
    if (frame.legs[leg]!.index[row]! > 0 && isFirstOfVenue(frame, leg, row)) into.add(frame.legs[leg]!.index, row);
  }
}

function isFirstOfVenue(frame: GroupFrame, leg: number, row: number): boolean {
  const { venue } = frame.legs[leg]!.instrument;
  for (let i = 0; i < leg; i++) if (frame.legs[i]!.instrument.venue === venue && frame.legs[i]!.index[row]! > 0) return false;
  return true;
}
