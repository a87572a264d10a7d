/** The theme's colours as rgb text: ECharts cannot parse oklch(), and fails silently on it. */
export interface Tokens {
  readonly surface0: string;
  readonly surface1: string;
  readonly line1: string;
  readonly line2: string;
  readonly text1: string;
  readonly text2: string;
  readonly text3: string;
  readonly text4: string;
  readonly warm: readonly [string, string, string, string];
  readonly cool: readonly [string, string, string, string];
  /** Of instruments that are drawn over another one. */
  readonly other: readonly [string, string, string, string];
  readonly neutralBar: string;
  readonly markLine: string;
  readonly band: string;
  readonly bandEdge: string;
  readonly hatch: string;
  readonly font: string;
}

/** Reads the custom properties in force on `root`, through one pixel of a canvas: any CSS colour becomes rgba. */
export function readTokens(root: HTMLElement): Tokens {
  const style = getComputedStyle(root);
  const canvas = root.ownerDocument.createElement('canvas');
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const color = (name: string): string => {
    if (!context) return 'rgb(128,128,128)';
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = style.getPropertyValue(name).trim();
    context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 255] = context.getImageData(0, 0, 1, 1).data;
    return a === 255 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${Math.round((a / 255) * 1000) / 1000})`;
  };
  return {
    surface0: color('--surface-0'),
    surface1: color('--surface-1'),
    line1: color('--line-1'),
    line2: color('--line-2'),
    text1: color('--text-1'),
    text2: color('--text-2'),
    text3: color('--text-3'),
    text4: color('--text-4'),
    warm: [color('--warm-1'), color('--warm-2'), color('--warm-3'), color('--warm-4')],
    cool: [color('--cool-1'), color('--cool-2'), color('--cool-3'), color('--cool-4')],
    other: [color('--other-1'), color('--other-2'), color('--other-3'), color('--other-4')],
    neutralBar: color('--neutral-bar'),
    markLine: color('--mark-line'),
    band: color('--band'),
    bandEdge: color('--band-edge'),
    hatch: color('--hatch'),
    font: style.getPropertyValue('--font').trim(),
  };
}

/** The colour of a bar by its tone (see divergence-shape.ts). */
export function toneColor(tokens: Tokens, tone: number): string {
  if (tone === 0) return tokens.neutralBar;
  const scale = tone > 0 ? tokens.warm : tokens.cool;
  return scale[Math.min(4, Math.abs(tone)) - 1] ?? tokens.neutralBar;
}
