import { basisOnly } from '#domain/metrics/venue-terms.ts';

export const FORMULA = basisOnly({ continuous: true }, 'Paradex: continuous, quoted for 8 h');
