import type { Span } from '#domain/time.ts';

/** As the store gives them: ascending, none empty, none touching the next. */
const isMerged = (spans: readonly Span[]): boolean =>
  spans.every(({ from, to }, i) => {
    const before = spans[i - 1];
    return to > from && (before === undefined || from > before.to);
  });

/** Ascending, without overlaps; stretches that touch are one. Spans are (from, to]. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else if (span.to > span.from) merged.push({ from: span.from, to: span.to });
  }
  return merged;
}

/** Stretches of (from, to] that no span covers, ascending. */
export function gapsOf(spans: readonly Span[], from: number, to: number): Span[] {
  const gaps: Span[] = [];
  let end = from;
  for (const span of isMerged(spans) ? spans : mergeSpans(spans)) {
    if (span.from >= to) break;
    if (span.from > end) gaps.push({ from: end, to: span.from });
    end = Math.max(end, span.to);
  }
  if (end < to) gaps.push({ from: end, to });
  return gaps;
}

/** The newest stretch of (from, to] that no span covers, at most `longestMs` of it (its newest end); null when all is covered. */
export function newestGap(spans: readonly Span[], from: number, to: number, longestMs = Infinity): Span | null {
  const gap = gapsOf(spans, from, to).at(-1);
  return gap ? { from: Math.max(gap.from, gap.to - longestMs), to: gap.to } : null;
}

export const covers = (spans: readonly Span[], from: number, to: number): boolean =>
  spans.some((span) => span.from <= from && span.to >= to);
