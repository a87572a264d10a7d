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
/** What the eye without one kind of cone makes of linear sRGB: Machado, Oliveira and Fernandes 2009, severity 1. */
const BLIND = {
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;
/** The colour in OKLab as that eye sees it. */
function seen({ r, g, b }: Rgb, by: keyof typeof BLIND): readonly number[] {
  const m = BLIND[by];
  const [x, y, z] = [0, 3, 6].map((at) => Math.min(1, Math.max(0, (m[at] ?? 0) * r + (m[at + 1] ?? 0) * g + (m[at + 2] ?? 0) * b))) as [
    number,
    number,
    number,
  ];
  const [l, q, s] = [
    Math.cbrt(0.4122214708 * x + 0.5363325363 * y + 0.0514459929 * z),
    Math.cbrt(0.2119034982 * x + 0.6806995451 * y + 0.1073969566 * z),
    Math.cbrt(0.0883024619 * x + 0.2817188376 * y + 0.6299787005 * z),
  ];
  return [
    0.2104542553 * l + 0.793617785 * q - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * q + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * q - 0.808675766 * s,
  ];
}
function apart(one: string, other: string, by: keyof typeof BLIND): number {
  const there = seen(linear(other), by);
  return Math.hypot(...seen(linear(one), by).map((value, i) => value - (there[i] ?? 0)));
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
const safe = tokens(":root[data-colours='safe']");
const safeThemes = {
  'dark, safe': { ...themes.dark, ...safe },
  'light, safe': { ...themes.light, ...safe, ...tokens(":root[data-colours='safe'][data-theme='light']") },
  'contrast, safe': { ...themes.contrast, ...safe, ...tokens(":root[data-colours='safe'][data-theme='contrast']") },
} as const;

const TEXTS = ['text-1', 'text-2', 'text-3', 'text-4', 'fault', ...[1, 2, 3, 4].flatMap((n) => [`warm-${n}`, `cool-${n}`])];
const SURFACES = ['surface-0', 'surface-1', 'surface-2', 'surface-3', 'selected'];

describe.each(Object.entries({ ...themes, ...safeThemes }))('%s', (_, theme) => {
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

describe.each(Object.entries(safeThemes))('%s', (_, theme) => {
  const of = (name: string): string => theme[name] ?? `no token ${name}`;
  const sides = ['warm', 'cool'].flatMap((side) => [1, 2, 3, 4].map((n) => `${side}-${n}`));

  // 0.1 in OKLab is five times what is just seen where two colours touch (Ottosson: about 0.02).
  test.each(['protanopia', 'deuteranopia', 'tritanopia'] as const)(
    'longs, shorts, faults and what is well are told apart with %s',
    (by) => {
      for (const n of [1, 2, 3, 4]) expect(apart(of(`warm-${n}`), of(`cool-${n}`), by), String(n)).toBeGreaterThan(0.1);
      for (const side of sides) expect(apart(of('fault'), of(side), by), side).toBeGreaterThan(0.1);
      expect(apart(of('fault'), of('healthy'), by)).toBeGreaterThan(0.1);
    },
  );
});

test('the standard colours of faults are not told apart without one kind of cone: that is what the others are for', () => {
  expect(apart(dark['fault'] ?? '', dark['healthy'] ?? '', 'deuteranopia')).toBeLessThan(0.1);
});

test('the numbers are those of a colour whose contrast is known', () => {
  expect(contrast('oklch(1 0 0)', 'oklch(0 0 0)')).toBeCloseTo(21, 3);
  // #767676 on white.
  expect(contrast('oklch(0.5683 0 0)', 'oklch(1 0 0)')).toBeCloseTo(4.54, 1);
});
