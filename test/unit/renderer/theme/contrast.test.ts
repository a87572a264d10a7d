import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** Relative luminance and contrast by WCAG 2.2; OKLCH to linear sRGB by Ottosson's matrices (bottosson.github.io/posts/oklab). */
interface Rgb {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly alpha: number;
}

function linear(text: string): Rgb {
  const [, l = '0', c = '0', h = '0', alpha = '1'] = /oklch\(([\d.]+) ([\d.]+) ([\d.]+)(?: \/ ([\d.]+))?\)/u.exec(text) ?? [];
  const [L, C, turn] = [Number(l), Number(c), (Number(h) * Math.PI) / 180];
  const [a, b] = [C * Math.cos(turn), C * Math.sin(turn)];
  const [x, y, z] = [
    (L + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (L - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (L - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ];
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  return {
    r: clip(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z),
    g: clip(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z),
    b: clip(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z),
    alpha: Number(alpha),
  };
}
const luminance = ({ r, g, b }: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
function contrast(one: string, other: string): number {
  const [a = 0, b = 0] = [luminance(linear(one)), luminance(linear(other))].sort((p, q) => q - p);
  return (a + 0.05) / (b + 0.05);
}

const css = readFileSync('src/renderer/theme/tokens.css', 'utf8');
function tokens(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf('\n}', start));
  return Object.fromEntries([...block.matchAll(/--([a-z0-9-]+): (oklch\([^)]*\));/gu)].map(([, name = '', value = '']) => [name, value]));
}
const dark = tokens(':root');
const themes = {
  dark,
  light: { ...dark, ...tokens(":root[data-theme='light']") },
  contrast: { ...dark, ...tokens(":root[data-theme='contrast']") },
} as const;

const TEXTS = ['text-1', 'text-2', 'text-3', 'text-4', 'fault', ...[1, 2, 3, 4].flatMap((n) => [`warm-${n}`, `cool-${n}`])];
const SURFACES = ['surface-0', 'surface-1', 'surface-2', 'surface-3', 'selected'];

describe.each(Object.entries(themes))('%s', (_, theme) => {
  const of = (name: string): string => theme[name] ?? `no token ${name}`;

  test.each(SURFACES)('every text is read on %s: 4.5 to 1', (surface) => {
    for (const text of TEXTS) expect(contrast(of(text), of(surface)), text).toBeGreaterThanOrEqual(4.5);
  });

  test('what is drawn is seen on the page, and the focus on every surface: 3 to 1', () => {
    for (const drawn of ['neutral-bar', 'band-edge', 'mark-line', 'healthy'])
      expect(contrast(of(drawn), of('surface-0')), drawn).toBeGreaterThanOrEqual(3);
    for (const surface of SURFACES) expect(contrast(of('focus'), of(surface)), surface).toBeGreaterThanOrEqual(3);
  });
});

test('the numbers are those of a colour whose contrast is known', () => {
  expect(contrast('oklch(1 0 0)', 'oklch(0 0 0)')).toBeCloseTo(21, 3);
  // #767676 on white.
  expect(contrast('oklch(0.5683 0 0)', 'oklch(1 0 0)')).toBeCloseTo(4.54, 1);
});
