import { basisOnly } from '#domain/metrics/venue-terms.ts';

export const FORMULA = basisOnly({ divides: true }, 'dYdX v4: 8 h premium paid hourly');
