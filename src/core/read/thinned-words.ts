import type { FrameKind } from '#domain/metrics/frames/frames.ts';
import type { Span } from '#domain/time.ts';

const WHAT = {
  bar: 'single polls are kept for 30 days, and those',
  book: 'all order books are kept for 7 days, and but for one an hour those',
  other: 'hours beyond the limit of the history are not kept, and those',
} as const;

const minute = (t: number): string => `${new Date(t).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What a person is told where retention deleted rows that were asked for, of (from, to]: one sentence per stretch. */
export const thinnedNotes = (thinned: readonly Span[], on: FrameKind, from = -Infinity, to = Infinity): string[] =>
  thinned
    .filter((span) => span.to > from && span.from < to)
    .map((span) => {
      const what = on === 'bar' || on === 'book' ? WHAT[on] : WHAT.other;
      return `thinned: ${what} of ${minute(span.from)} to ${minute(span.to)} are deleted; what is missing there is not what was known then`;
    });
