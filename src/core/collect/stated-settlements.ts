import { refusalOf } from '#domain/bounds.ts';
import { type InstrumentId, instrumentId } from '#domain/instrument.ts';
import { settlementKey } from '#domain/time.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Reporter } from '../reporter.ts';
import type { RefusedRow, StatedSettlement, Venue } from '../venue.ts';

/** Rows of one poll that are written: of a whole market that settles at once the others come with the next polls. */
const ROWS_AT_ONCE = 50;

export interface StatedSettlementsOptions {
  readonly venue: Pick<Venue, 'id' | 'name'>;
  readonly store: Pick<HistoryStore, 'recordSettled'>;
  readonly reporter: Pick<Reporter, 'write'>;
  /** Venue-corrected time. */
  readonly now: () => number;
  /** Its settlements are asked for, with what lies between them. */
  readonly isAskedFor: (id: InstrumentId) => boolean;
  onRefused(rows: readonly RefusedRow[]): void;
}

export interface StatedSettlements {
  /** The last settlements that a poll stated. */
  take(settled: readonly StatedSettlement[]): Promise<void>;
}

/**
 * Keeps settlements that polls state of instruments that no list holds: a venue that serves a few months only has forgotten them by
 * the day on which one of them is watched. They prove nothing of what lies between them.
 */
export function createStatedSettlements(options: StatedSettlementsOptions): StatedSettlements {
  const { venue, store, reporter, now } = options;
  /** The newest that is stored or refused. */
  const known = new Map<InstrumentId, number>();
  return {
    async take(settled) {
      let rows = 0;
      for (const { symbol, stamp, rate } of settled) {
        const id = instrumentId(venue.id, symbol);
        const key = settlementKey(stamp);
        if (options.isAskedFor(id) || (known.get(id) ?? -Infinity) >= key) continue;
        if (++rows > ROWS_AT_ONCE) return;
        const at = now();
        const reason = refusalOf({ rate, time: stamp }, at);
        if (reason !== null) options.onRefused([{ symbol, reason: `settlement ${stamp}: ${reason}` }]);
        else {
          const row = { stamp, rate, intervalH: null, mark: null, premium: null };
          // A failure is told by the reporter; the next poll states the row again.
          const isStored = await reporter
            .write('store settlements', () => store.recordSettled(id, [row], at, null))
            .then(
              () => true,
              () => false,
            );
          if (!isStored) return;
        }
        known.set(id, key);
      }
    },
  };
}
