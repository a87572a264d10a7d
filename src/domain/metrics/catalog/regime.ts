import type { HourFrame } from '../frames/frames.ts';
import { defineMetric, type No } from '../metric.ts';
import { whole } from '../params.ts';
import { Lag } from '../rolling/lag.ts';
import { SortedWindow } from '../rolling/sorted.ts';
import { contractsHeld, contractsNote, neutralPerHour, RANK_HOURS, trailing, whyNoD, whyNoF } from '../rows.ts';
import { noReason, reasonFrom } from '../reason.ts';
import { ranksOf } from '../shared.ts';
import { interestNotes } from '../venue-terms.ts';

const NEW_LONGS = 1;
const NEW_SHORTS = 2;
const LONGS_LEAVING = 3;
const SHORTS_LEAVING = 4;
const CAPITULATION = 5;
const LOW_PERCENTILE = 0.05;

export const regime = defineMetric({
  name: 'regime',
  title: 'Regime',
  says: 'Who is coming or going: price and open interest over a day, and capitulation where funding is washed out too.',
  unit: 'label',
  on: 'hour',
  inputs: ['f', 'mark', 'openInterest'],
  params: { hours: whole('Hours of the change.', { default: 24, min: 1, max: 720, unit: 'h', usual: [4, 24, 168] }) },
  labels: {
    [NEW_LONGS]: 'new longs',
    [NEW_SHORTS]: 'new shorts',
    [LONGS_LEAVING]: 'longs leaving',
    [SHORTS_LEAVING]: 'shorts leaving',
    [CAPITULATION]: 'capitulation',
  },
  window: ({ hours }) => ({ length: hours + 1, of: 'rows', need: 2, t: 'included' }),
  formula:
    'price up, OI up: new longs; down, up: new shorts; down, down: longs leaving; up, down: shorts leaving; ' +
    'capitulation: down, down and f below neutral at its 5th percentile of 90 days or lower',
  source: 'domain 3.7',
  word: (_value, _params, { f = 0 }) => (f > 0 ? 'longs pay' : f < 0 ? 'shorts pay' : ''),
  replay(frame, { hours }) {
    const { mark } = frame;
    const rank = ranksOf(frame.f, RANK_HOURS);
    const values = new Float64Array(rank.length);
    const at = (row: number, no: No): number => {
      const price = row < hours ? NaN : mark[row]! / mark[row - hours]! - 1;
      const interest = row < hours ? NaN : contractsHeld(frame, row) - contractsHeld(frame, row - hours);
      return row < hours ? no(whyNoD(frame, row)) : corner(frame, row, price, interest, rank[row]!, no);
    };
    for (let row = 0; row < values.length; row++) values[row] = at(row, noReason);
    return {
      values,
      why: (row) => reasonFrom((no) => at(row, no)),
    };
  },
  state: ({ hours }) => ({
    marks: new Lag(hours),
    interests: new Lag(hours),
    rates: new SortedWindow(RANK_HOURS),
    price: NaN,
    interest: NaN,
    rank: NaN,
  }),
  start({ hours }, no, kept) {
    const earlier = { inputs: ['mark', 'openInterest'], rows: hours };
    const { need } = trailing(RANK_HOURS);
    return {
      next(frame, row) {
        kept.price = frame.mark[row]! / kept.marks.push(frame.mark[row]!) - 1;
        const held = contractsHeld(frame, row);
        kept.interest = held - kept.interests.push(held);
        kept.rates.push(frame.f[row]!);
        kept.rank = frame.f[row] === frame.f[row] && kept.rates.count >= need ? kept.rates.lastRank() : NaN;
        return kept.marks.reaches ? corner(frame, row, kept.price, kept.interest, kept.rank, no) : no(whyNoD(frame, row));
      },
      audit: (frame, row) => ({
        earlier,
        parts: {
          price: kept.price,
          openInterest: kept.interest,
          f: frame.f[row]!,
          neutral: neutralPerHour(frame.instrument, frame.time[row]!),
          rank: kept.rank,
          valuesRanked: kept.rates.count,
        },
        notes: [
          ...contractsNote(frame.instrument),
          ...(kept.rank === kept.rank || frame.f[row] !== frame.f[row]
            ? []
            : [`the percentile of f is not there (${need} hours of 90 days needed): capitulation cannot be told`]),
          ...interestNotes(frame.instrument, frame.time[row]!),
        ],
      }),
    };
  },
});

/** `rank`: of f in its 90 days; NaN while warming up. */
function corner(frame: HourFrame, row: number, price: number, interest: number, rank: number, no: No): number {
  const f = frame.f[row]!;
  if (f !== f) return no(whyNoF(frame, row));
  if (price !== price) return no('no-price');
  if (interest !== interest) return no('no-open-interest');
  if (price === 0 || interest === 0) return no('flat');
  if (price > 0) return interest > 0 ? NEW_LONGS : SHORTS_LEAVING;
  if (interest > 0) return NEW_SHORTS;
  return rank <= LOW_PERCENTILE && f < neutralPerHour(frame.instrument, frame.time[row]!) ? CAPITULATION : LONGS_LEAVING;
}
