/** Of all contracts of the demo, and the largest rate that follows: 75 % of their difference. */
export const INITIAL = 0.01;
export const MAINTENANCE = 0.005;
export const CAP = 0.75 * (INITIAL - MAINTENANCE);
