/** UTC only: a time without a Z names no zone. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/u;

/** Epoch ms of a time as venues write it by ISO 8601, 2026-09-11T17:00:00.234Z; null for what does not say one, 1970 among it. */
export function readIso(value: unknown): number | null {
  if (typeof value !== 'string' || !ISO.test(value)) return null;
  const time = Date.parse(value);
  return Number.isFinite(time) && time !== 0 ? time : null;
}
