import type { VenueFormula } from '#domain/metrics/venue-terms.ts';
import { venueFormulas } from '#node/venues/index.ts';

const FORMULAS = venueFormulas();

/** How the venue makes its rates, as its folder says it; null: no folder does. */
export const formulaOf = (venue: string): VenueFormula | null => FORMULAS[venue] ?? null;
