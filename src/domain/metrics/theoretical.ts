import { PREMIUM_PROXY, type SettlementFrame } from './frames/frames.ts';
import type { No } from './metric.ts';
import { noReason, reasonFrom, type Reason } from './reason.ts';
import { once } from './shared.ts';
import { formulaFigures, hasFormula, PROXY_NOTE, termsNotes, theoreticalRate } from './venue-terms.ts';

/** Below this share of the interval the premium says too little. */
export const LEAST_COVERAGE = 0.8;

/** Hours are added up: exactly enough is enough, whatever the last digits of the sum are. */
export const isCovered = (covered: number, elapsed: number): boolean => covered >= LEAST_COVERAGE * elapsed - 1e-9;

/** F of a settlement, or why there is none. */
export function theoreticalAt(frame: SettlementFrame, row: number, no: No): number {
  if (!(frame.intervalH[row]! > 0)) return no('interval-unknown');
  if (!hasFormula(frame.instrument, frame.time[row]!)) return no('not-for-venue');
  if (!isCovered(frame.coverage[row]!, 1)) return no('coverage');
  return theoreticalRate(frame.instrument, frame.premium[row]!, frame.intervalH[row]!, frame.time[row]!);
}

/** F of every row; NaN where there is none. */
export const theoreticalOf = once((frame: SettlementFrame): Float64Array => {
  const values = new Float64Array(frame.time.length);
  for (let row = 0; row < values.length; row++) values[row] = theoreticalAt(frame, row, noReason);
  return values;
});

/** Why a row has no F. */
export const whyNoTheoretical = (frame: SettlementFrame, row: number): Reason => reasonFrom((no) => theoreticalAt(frame, row, no));

/** What stands behind F, for the audit. */
export function theoreticalParts(frame: SettlementFrame, row: number) {
  return {
    parts: {
      premium: frame.premium[row]!,
      coverage: frame.coverage[row]!,
      ...formulaFigures(frame.instrument, frame.intervalH[row]!, frame.time[row]!),
      theoretical: theoreticalAt(frame, row, noReason),
    },
    floors: [{ name: 'coverage', floor: LEAST_COVERAGE, value: frame.coverage[row]! }],
    notes: [...(frame.premiumOrigin[row] === PREMIUM_PROXY ? [PROXY_NOTE] : []), ...termsNotes(frame.instrument, frame.time[row]!)],
  };
}
