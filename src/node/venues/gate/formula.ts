import { basisOnly } from '#domain/metrics/venue-terms.ts';

export const FORMULA = basisOnly({ divides: true }, 'Gate: formula on 8 h; changed 2026-05-27 (news)');
