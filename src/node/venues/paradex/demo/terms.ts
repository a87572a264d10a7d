/** Largest rate of a funding period of 8 h, as its list of markets states it. */
export const CAP_8H = 0.05;
export const INITIAL = 0.02;
