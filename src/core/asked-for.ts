import { HOUR_MS } from '#domain/time.ts';
import type { Asked } from './ports/history-facts.ts';

/** Asked for again and again for an hour: it is missing, rather than late. */
export const isMissing = ({ at, since }: Pick<Asked, 'at' | 'since'>): boolean => at - since >= HOUR_MS;
