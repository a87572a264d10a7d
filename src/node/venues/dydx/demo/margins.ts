/** Fractions of the demo's markets, and the clamp that follows: six times their difference for 8 h. */
export const INITIAL = 0.05;
export const MAINTENANCE = 0.03;
export const CAP = (6 * (INITIAL - MAINTENANCE)) / 8;
