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

const share = z.number().nullable();
/** Dated terms, oldest first; times are epoch ms, rates decimals. Null: not stated, or not known. */
export const instrumentTerms = z.object({
  /** How the venue makes its rates: interest per 8 h; how far it may pull the premium, cap and floor per paid interval. */
  formula: z
    .array(
      z.object({
        from: z.number(),
        interestPer8h: share,
        clamp: share,
        cap: share,
        floor: share,
        divides: z.boolean(),
        continuous: z.boolean(),
        weighting: z.enum(['equal', 'rising']),
        source: z.string(),
      }),
    )
    .readonly(),
  /** What its polls stated of the instrument, one per change; it stands before the formula's. */
  stated: z.array(z.object({ from: z.number(), interestPer8h: share, cap: share, floor: share })).readonly(),
});
export type InstrumentTerms = z.infer<typeof instrumentTerms>;
