import { z } from 'zod';

export const instrument = z.object({
  id: z.string(),
  venue: z.string(),
  symbol: z.string(),
  asset: z.string(),
  quote: z.string(),
  settle: z.string(),
  contract: z.enum(['linear', 'inverse']),
  multiplier: z.number(),
});
