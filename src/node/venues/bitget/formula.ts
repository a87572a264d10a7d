import { basisOnly } from '#domain/metrics/venue-terms.ts';

export const FORMULA = basisOnly({ divides: true }, 'Bitget: formula on 8 h');
