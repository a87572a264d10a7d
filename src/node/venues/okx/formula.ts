import { basisOnly } from '#domain/metrics/venue-terms.ts';

export const FORMULA = basisOnly({ divides: true }, 'OKX: formula on 8 h; a revision announced 2026-05-29 has no sourced date');
