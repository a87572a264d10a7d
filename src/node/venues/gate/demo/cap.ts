/** Largest rate of one payment, and the least, negated. */
export const CAP = 0.02;
