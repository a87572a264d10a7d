import { visibleLine } from '#domain/shown-text.ts';
import { loadEcharts } from './load-echarts.ts';
import { fontStyleFor } from './svg-fonts.ts';
import type { ChartSource } from './mount-chart.svelte.ts';
import type { Tokens } from './tokens.ts';

/** A chart as it is to stand in a picture. */
export interface Pictured {
  readonly source: Pick<ChartSource, 'structure' | 'data'>;
  readonly width: number;
  readonly height: number;
  /** What is drawn, in a line above it. */
  readonly title: string;
  readonly tokens: Tokens;
  /** The document whose fonts it is drawn with. */
  readonly page: Document;
}

const TITLE_PX = 30;
const LEFT_PX = 16;
/** Pixels of the picture for one of the screen. */
const SCALE = 2;

/** The chart with its title on the theme's ground, at twice the screen's pixels. Rejects where the browser cannot make it. */
export async function pngOf({ source, width, height, title, tokens, page }: Pictured): Promise<Uint8Array> {
  const { drawChart } = await loadEcharts();
  const chart = drawChart(page.createElement('div'), { width, height }, SCALE);
  try {
    chart.setOption({ ...source.structure(), animation: false });
    chart.setOption(source.data());
    const drawn = chart.renderToCanvas({ pixelRatio: SCALE });
    const canvas = page.createElement('canvas');
    canvas.width = width * SCALE;
    canvas.height = (height + TITLE_PX) * SCALE;
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('this browser draws no pictures');
    context.fillStyle = tokens.surface0;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(SCALE, SCALE);
    context.fillStyle = tokens.text1;
    context.font = `600 13px ${tokens.font}`;
    context.textBaseline = 'middle';
    context.fillText(visibleLine(title), LEFT_PX, TITLE_PX / 2, width - 2 * LEFT_PX);
    context.drawImage(drawn, 0, TITLE_PX, width, height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (blob === null) throw new Error('this browser made no picture of it');
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    chart.dispose();
  }
}

/** The same as SVG: text stays text, and its font is held in the file. */
export async function svgOf({ source, width, height, title, tokens }: Omit<Pictured, 'page'>): Promise<Uint8Array> {
  const { drawChart } = await loadEcharts();
  const chart = drawChart(null, { width, height }, 1);
  try {
    chart.setOption({ ...source.structure(), animation: false });
    chart.setOption(source.data());
    const inner = chart.renderToSVGString().replace('<svg ', `<svg y="${TITLE_PX}" `);
    const whole = height + TITLE_PX;
    const style = await fontStyleFor(inner + title);
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}">${style}` +
      `<rect width="100%" height="100%" fill="${tokens.surface0}"/>` +
      `<text x="${LEFT_PX}" y="${TITLE_PX / 2}" dominant-baseline="central" fill="${tokens.text1}" font-family="${escaped(tokens.font)}" font-size="13" font-weight="600">${escaped(visibleLine(title))}</text>` +
      `${inner}</svg>`;
    return new TextEncoder().encode(svg);
  } finally {
    chart.dispose();
  }
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
