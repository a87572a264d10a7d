import { z } from 'zod';

/** The moment (UTC epoch ms) as of which is asked: what was known and shown then. Null, or left out: now. */
export const asOf = z.number().min(0).nullable().optional();
