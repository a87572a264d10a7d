/** Largest rate of an hour: its list states it in basis points. */
export const CAP = 0.015;
