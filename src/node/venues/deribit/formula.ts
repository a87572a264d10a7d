import { basisOnly } from '#domain/metrics/venue-terms.ts';

export const FORMULA = basisOnly({ continuous: true }, 'Deribit: continuous, quoted for 8 h');
