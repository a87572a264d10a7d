/** Where the interval of a settled row came from; NULL in the table where it is unknown. */
export const INTERVAL_SOURCE = { stated: 1, known: 2, gap: 3 } as const;
