import type { WatchRow } from '#bridge/contract.ts';
import { venueOf } from '#domain/instrument.ts';
import { accruesContinuously } from '#domain/metrics/venue-terms.ts';
import type { Listing } from '../listings.ts';
import type { Observed } from '../observed.ts';
import type { PersonFacts } from '../settings.ts';
import { ownFields } from '../watchlists.ts';
import type { HistoryAsOf } from './history-as-of.ts';
import type { LiveView } from './signal-line.ts';
import { buildRow, type RowParts } from './watch-rows.ts';

export interface PastRowParts extends Pick<RowParts, 'id' | 'cells' | 'learnt' | 'settledOnly' | 'pinned'> {
  readonly listing: Listing | null;
  readonly view: LiveView;
  readonly at: number;
  /** As its newest observation says; undefined: it has none. */
  readonly isThinned: boolean | undefined;
  readonly facts: PersonFacts;
  readonly history: Pick<HistoryAsOf, 'snapshots'>;
  readonly observed: Pick<Observed, 'pollMs' | 'formulaOf'>;
}

/** A row as it stood then. Where nothing fresh is left of what was known, and retention has deleted some of it, that is why there is no value. */
export async function pastRow({ at, isThinned, facts, history, observed, pinned, ...parts }: PastRowParts): Promise<WatchRow> {
  const { id, view } = parts;
  const venue = venueOf(id);
  const row = buildRow({
    ...parts,
    params: view.params,
    accrues: accruesContinuously(observed.formulaOf(venue)),
    own: ownFields(facts, id),
    // As the row showed it: not where the next settlement was overdue.
    pinned: pinned !== null && at <= pinned.until ? pinned : null,
    polls: 0,
    now: at,
    pollMs: observed.pollMs(venue),
  });
  if (row.why !== 'waiting' && row.why !== 'stale') return row;
  const isDeleted = isThinned ?? (await history.snapshots(id, 0, at)).thinned.length > 0;
  return isDeleted ? { ...row, why: 'thinned' } : row;
}
