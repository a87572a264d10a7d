/** Largest rate of one payment: its list states it by contract. */
export const CAP = 0.00375;
