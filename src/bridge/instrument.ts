import { z } from 'zod';
import { ASSET_CLASSES } from '#domain/instrument.ts';

export const instrument = z.object({
  id: z.string(),
  venue: z.string(),
  symbol: z.string(),
  asset: z.string(),
  aliases: z.array(z.string()).readonly(),
  quote: z.string(),
  settle: z.string(),
  contract: z.enum(['linear', 'inverse']),
  multiplier: z.number(),
  contractSize: z.number().nullable(),
  assetClass: z.enum(ASSET_CLASSES).nullable(),
  listedAt: z.number().nullable(),
  delistedAt: z.number().nullable(),
});
