/**
 * What a venue says and keeps, as data: `docs/venues.md` is made of it (and of one round of polls, of which requests and costs are
 * counted), and the screen says what is unverified. Sentences for people, with the venue's own names of fields.
 */
export interface VenueService {
  /** Address of the documentation that its folder was written after. */
  readonly documentation: string;
  /** Where it says the next settlement. */
  readonly nextFunding: string;
  /** Where it says the interval, and in what unit. */
  readonly interval: string;
  /** Where it says the open interest, and what that is counted in. */
  readonly openInterest: string;
  /** Largest and least rate: where it says them; null: it does not. */
  readonly caps: string | null;
  /** Maintenance by size of the position: where it says it, or what stands for it. */
  readonly tiers: string;
  /** Settlements: 'all' since the listing, or how many days of them it keeps. */
  readonly settledDays: number | 'all';
  /** Most settlements that one request gives. */
  readonly settledRows: number;
  /** What its candles of hours tell. */
  readonly prices: string;
  /** Positions pay at settlements, or all the time by a rate of which stored rows are observations. */
  readonly accrual: 'discrete' | 'continuous';
  /** Why fees of a new account are not told, where they are not. */
  readonly noFees?: string;
  /** What was written after its documentation alone: no recorded answer was there to read. Short names of parts; none: everything was. */
  readonly unverified: readonly string[];
}
