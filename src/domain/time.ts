export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** How far a stamp may lie from its whole hour, and how long a settlement that is due is waited for. */
export const SETTLEMENT_SLACK_MS = 5 * MINUTE_MS;

/** The settlement that a venue's stamp (ms) belongs to: the whole hour within 5 minutes, else the stamp's minute. */
export function settlementKey(stampMs: number): number {
  const hour = Math.round(stampMs / HOUR_MS) * HOUR_MS;
  return Math.abs(stampMs - hour) <= SETTLEMENT_SLACK_MS ? hour : Math.floor(stampMs / MINUTE_MS) * MINUTE_MS;
}

/** Close (ms) of the hour (close - 1 h, close] that holds `t`. */
export const hourClose = (t: number): number => Math.ceil(t / HOUR_MS) * HOUR_MS;

/** The stretch (from, to], ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}
