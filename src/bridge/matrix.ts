import { z } from 'zod';

/** Instruments with less of it, in USD, have no say in a spread. */
export const matrixLeast = z.strictObject({ of: z.enum(['openInterest', 'volume24h']), usd: z.number().gt(0).max(1e15) });

/** How one window shows the matrix. */
export const matrixLook = z.strictObject({
  scope: z.enum(['list', 'all']),
  /** The newest rate, what it is above the median of its row, or the least and the greatest of so many hours. */
  cells: z.enum(['rate', 'skew', 'range']),
  hours: z.int().min(1).max(720),
  least: matrixLeast.nullable(),
  /** USD a leg, and for how long it is held: what the best pair leaves after a round trip. */
  size: z.number().gt(0).max(1e12),
  holdH: z.number().gt(0).max(8760),
});
export type MatrixLook = z.infer<typeof matrixLook>;

export const defaultMatrixLook: MatrixLook = { scope: 'list', cells: 'rate', hours: 24, least: null, size: 10_000, holdH: 24 };
