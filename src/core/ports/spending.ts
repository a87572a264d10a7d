/** Units of one of a host's limits (see RateLimit) that were spent about `at` (wall). */
export interface Spending {
  readonly bucket: string;
  readonly at: number;
  readonly units: number;
}

/** What was spent of the limits of exchange hosts, remembered beyond a run, also one that is killed. Synchronous, and never throws. */
export interface SpendingLedger {
  /** Null: the book cannot be read, and anything may have been spent. */
  spent(host: string): readonly Spending[] | null;
  /** Takes the place of what was kept of the host; a kill does not undo it. Where it cannot be written, the run goes on without. */
  keep(host: string, spent: readonly Spending[]): void;
}
