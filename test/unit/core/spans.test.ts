import fc from 'fast-check';
import { expect, test } from 'vitest';
import { covers, mergeSpans, newestGap } from '#core/spans.ts';

const span = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }))
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const spans = fc.array(span, { maxLength: 8 });
/** Points of (from, to] that the spans hold, one by one. */
const held = (list: readonly { from: number; to: number }[], t: number): boolean => list.some(({ from, to }) => t > from && t <= to);

test('merged spans hold the same points, ascending and apart', () => {
  fc.assert(
    fc.property(spans, (list) => {
      const merged = mergeSpans(list);
      for (let t = 0; t <= 61; t++) expect(held(merged, t)).toBe(held(list, t));
      for (const [i, { from, to }] of merged.entries()) {
        expect(from).toBeLessThan(to);
        expect(from).toBeGreaterThan(merged[i - 1]?.to ?? -1);
      }
    }),
  );
});

test('the newest gap is the newest points that no span holds, in one piece, at most as long as asked', () => {
  fc.assert(
    fc.property(spans, span, fc.integer({ min: 1, max: 70 }), (list, { from, to }, longest) => {
      const missing = Array.from({ length: to - from }, (_, i) => from + 1 + i).filter((t) => !held(list, t));
      const gap = newestGap(list, from, to, longest);
      if (gap === null) {
        expect(missing).toEqual([]);
        return;
      }
      expect(gap.to).toBe(missing.at(-1));
      for (let t = gap.from + 1; t <= gap.to; t++) expect(missing).toContain(t);
      if (missing.includes(gap.from)) expect(gap.to - gap.from).toBe(longest);
      expect(gap.to - gap.from).toBeLessThanOrEqual(longest);
    }),
  );
});

test('fetching the newest gap again and again ends with everything covered', () => {
  fc.assert(
    fc.property(spans, span, fc.integer({ min: 1, max: 70 }), (list, { from, to }, longest) => {
      let known = mergeSpans(list);
      for (let turn = 0; turn < 200; turn++) {
        const gap = newestGap(known, from, to, longest);
        if (gap === null) break;
        known = mergeSpans([...known, gap]);
      }
      expect(newestGap(known, from, to, longest)).toBeNull();
      if (to > from) expect(covers(known, from, to)).toBe(true);
    }),
  );
});
