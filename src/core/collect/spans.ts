import type { Span } from '#domain/time.ts';

/** Ascending, without overlaps; stretches that touch are one. Spans are (from, to]. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else if (span.to > span.from) merged.push(span);
  }
  return merged;
}

/** The newest stretch of (from, to] that no span covers, at most `longestMs` of it (its newest end); null when all is covered. */
export function newestGap(spans: readonly Span[], from: number, to: number, longestMs = Infinity): Span | null {
  let end = to;
  for (const span of mergeSpans(spans).toReversed()) {
    if (span.from >= end) continue;
    if (span.to < end) return cut(Math.max(from, span.to), end, longestMs);
    end = span.from;
  }
  return cut(from, end, longestMs);
}

const cut = (from: number, to: number, longestMs: number): Span | null => (to > from ? { from: Math.max(from, to - longestMs), to } : null);

export const covers = (spans: readonly Span[], from: number, to: number): boolean =>
  spans.some((span) => span.from <= from && span.to >= to);
