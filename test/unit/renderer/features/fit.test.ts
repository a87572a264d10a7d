import { describe, expect, it } from 'vitest';
import { columnsOf } from '#renderer/features/watchlist/columns.ts';
import { cutColumns, fitted, leftWords } from '#renderer/features/watchlist/fit.ts';

const fixed = columnsOf([], []);
const many = columnsOf(
  [
    { metric: 'funding-rank', params: {} },
    { metric: 'premium', params: {} },
    { metric: 'score', params: {} },
  ],
  ['a', 'b', 'c'],
);
const keys = (columns: readonly { readonly key: string }[]): string[] => columns.map(({ key }) => key);

describe('columns in a width', () => {
  it('all stand where there is room, and none of the ages ever gives way', () => {
    expect(keys(fitted(fixed, 760).columns)).toEqual(keys(fixed));
    for (const width of [700, 640, 600, 540]) {
      const fit = fitted(fixed, width);
      expect(keys(fit.columns)).toEqual(expect.arrayContaining(['rate', 'd', 'signal', 'next', 'age']));
      expect([fit.leastPx <= width, fit.scrolls]).toEqual([true, false]);
    }
  });

  it('what gives way is said', () => {
    expect(leftWords(fitted(fixed, 760))).toBeNull();
    expect(leftWords(fitted(fixed, 660))).toBe('Too narrow for D, 7 days');
    expect(leftWords(fitted(fixed, 560))).toBe('Too narrow for EMA \u00b7 D, 7 days \u00b7 Int');
  });

  it('where that does not do, all stand and the list scrolls', () => {
    const fit = fitted(many, 560);
    expect(keys(fit.columns)).toEqual(keys(many));
    expect(fit.scrolls).toBe(true);
    expect(fit.template).not.toContain('fr');
  });

  it('a column in sight in part alone is not painted, on either side, at every place of the scrollbar', () => {
    const fit = fitted(many, 560);
    const pinned = 84 + 7 + 86;
    let left = 0;
    const places = fit.columns.map(({ key }, i) => {
      const width = Number.parseInt(fit.template.split(' ')[i] ?? '', 10);
      const place = { key, left, right: left + width };
      left = place.right + 7;
      return place;
    });
    for (let scroll = 0; scroll <= fit.leastPx - 560; scroll += 1) {
      const cut = cutColumns(fit, scroll, 560);
      for (const { key, left, right } of places.slice(2)) {
        expect(cut.has(key), `${key} at ${scroll}`).toBe(left < scroll + pinned || right > scroll + 560);
      }
      expect([cut.has('asset'), cut.has('venue')]).toEqual([false, false]);
    }
    expect(cutColumns(fitted(fixed, 760), 0, 760).size).toBe(0);
  });
});
