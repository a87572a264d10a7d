import type { RowKind } from '../metrics/metric-frames.ts';
import { BAR_GRACE_MS } from '../metrics/metric-source.ts';

/** Up to which rows are closed at `now`, as the app closes them: an hour with the last of its legs; a book is as it is. */
export const closedTo = ({ on, barMs }: RowKind, now: number, hours: readonly number[]): number =>
  on === 'book' ? now : on === 'bar' ? Math.floor((now - BAR_GRACE_MS) / barMs) * barMs : Math.min(...hours);
