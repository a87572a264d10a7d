import { ZERO, exact } from './exact.ts';
import { figure, noFigure, type Figure } from './figure.ts';

/** How steady the sign of a spread was; gaps are skipped and zero has no sign. */
export interface SignRecord {
  /** Hours with a sign. */
  readonly hours: number;
  /** Changes of sign between neighbours among them. */
  readonly flips: number;
  /** Hours on the positive side. */
  readonly positive: number;
}

export function signRecord(spread: Iterable<number | null>): SignRecord {
  let [hours, flips, positive, last] = [0, 0, 0, 0];
  for (const value of spread) {
    const sign = value === null ? 0 : Math.sign(value);
    if (!(Math.abs(sign) === 1)) continue;
    if (last !== 0 && sign !== last) flips++;
    if (sign > 0) positive++;
    hours++;
    last = sign;
  }
  return { hours, flips, positive };
}

/** Share of sign flips in the past, and of the hours in which this carry (long, short as chosen) would have paid. */
export function historyFigures(spread: Iterable<number | null> | null | undefined): { flipShare: Figure; againstShare: Figure } {
  const { hours, flips, positive } = signRecord(spread ?? []);
  if (hours < 2) {
    const none = noFigure('', 'No history of the spread is stored.');
    return { flipShare: none, againstShare: none };
  }
  const against = hours - positive;
  return {
    flipShare: figure('', '{flips}/({hours} − 1)', { flips, hours }, ZERO.plus(flips).div(hours - 1)),
    againstShare: figure('', '{against}/{hours}', { against, hours }, exact(against).div(hours)),
  };
}
