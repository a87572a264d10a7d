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

/** "12 s", "4 min", "3 h", "5 d". A time ahead of the clock counts as now. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** The stretch (from, to], ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}
