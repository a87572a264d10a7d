import type { PastView } from '#bridge/contract.ts';

/** What of what is shown was learnt later; '' where nothing was. */
export function laterWords({ learnt: { later, of }, moment }: PastView): string {
  if (later === 0) return '';
  const shown = typeof moment === 'number' ? 'not shown' : 'shown all the same';
  return `${later} of ${of} settlements of the week before were learnt later: ${shown}`;
}

/** Nothing of what is stored of that time was known then. */
export const isNothingKnown = ({ learnt: { later, of }, moment, rows }: PastView): boolean =>
  typeof moment === 'number' && (rows.length === 0 || (of > 0 && later === of));

/** Whose every row rests on what was fetched or imported. */
export const isSettledOnly = ({ rows }: PastView): boolean =>
  rows.length > 0 && rows.every(({ settledOnly, f }) => settledOnly || f === null);

export const resolutionWords = (view: PastView): string =>
  view.resolution === 'poll'
    ? ''
    : isSettledOnly(view)
      ? 'Close of the hour: nothing was polled then, so settlements and hourly prices are shown.'
      : 'Close of the hour: single polls of that time are thinned, its last one stands for the hour.';
