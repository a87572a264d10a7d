import type { Reversion } from './expected.ts';
import type { Given, Reader } from './reader.ts';

export const isGiven = (given: unknown): boolean =>
  given !== null && given !== undefined && given !== '' && !(typeof given === 'string' && given.trim() === '');

/** Names what is given and not read; `why` says what is read in its place or what it belongs to. */
export function tellIgnored(warnings: Reader, field: string, given: Given | object | boolean, why: string): void {
  if (isGiven(given) && given !== false) warnings.refuse(field, `This is not read: ${why}.`, 'Leave it out.');
}

/** A mean says nothing without the half-life of the way there. */
export function ignoredMean(warnings: Reader, field: string, reversion: Reversion | null | undefined): void {
  if (!isGiven(reversion?.halfLifeH)) tellIgnored(warnings, `${field}.meanPerHour`, reversion?.meanPerHour, 'no half-life is given');
}
