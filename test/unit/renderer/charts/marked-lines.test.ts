import { expect, it } from 'vitest';
import type { Divergence } from '#bridge/series.ts';
import { linesOf, modelOf } from '#renderer/charts/divergence-model.ts';
import { dataOption, structureOption } from '#renderer/charts/divergence-option.ts';
import { drawChart } from '#renderer/charts/echarts.ts';
import { layoutOf } from '#renderer/charts/layout.ts';
import type { Tokens } from '#renderer/charts/tokens.ts';
import { rowOf } from '../row.ts';

const HOUR = 3_600_000;
const [edge, neutral, other] = ['rgb(9,8,7)', 'rgb(6,5,4)', 'rgb(1,1,1)'];
const four = [other, other, other, other] as const;
const tokens: Tokens = {
  ...{ surface0: other, surface1: other, line1: other, line2: neutral, text1: other, text2: other, text3: other, text4: other },
  ...{ warm: four, cool: four, other: four, neutralBar: other, markLine: other, band: other, bandEdge: edge, hatch: other, font: 'Inter' },
};
const hours = (value: (i: number) => number): Float64Array<ArrayBuffer> => Float64Array.from({ length: 24 }, (_, i) => value(i));
const data: Divergence = {
  instrument: rowOf().instrument,
  params: { theta: 0.000_021_45, k: 3, n: 12 },
  time: hours((i) => (i + 1) * HOUR),
  f: hours((i) => 0.000_012_5 + (i % 5) * 1e-6),
  kind: new Uint8Array(24).fill(1),
  ema: hours(() => 0.000_012_5),
  d: hours((i) => ((i % 5) - 2) * 0.000_015),
  neutral: hours(() => 0.000_012_5),
  neutralAssumed: new Uint8Array(24),
  settledAt: hours((i) => (i + 1) * HOUR),
  settledRate: hours((i) => 0.000_012_5 + (i % 5) * 1e-6),
  settledIntervalH: hours(() => 1),
  settledLate: new Uint8Array(24),
  entryAt: new Float64Array(0),
  entrySide: new Float64Array(0),
  formulaAt: new Float64Array(0),
  formulaSaid: [],
  mark: hours(() => 100),
  index: hours(() => 100),
  completeFrom: HOUR,
  notes: [],
};

/** Heights of the level lines in this colour. */
const levels = (svg: string, color: string): number[] =>
  [...svg.matchAll(/<path d="M[\d.-]+ ([\d.-]+)L[\d.-]+ ([\d.-]+)"[^>]*stroke="(rgb\([\d,]+\))"[^>]*>/gu)]
    .filter(([, from, to, stroke]) => stroke === color && from === to)
    .map(([, from]) => Number(from))
    .toSorted((a, b) => a - b);

it('a change of the interval is a line through the pane, with what it became', () => {
  const changed = { ...data, settledIntervalH: hours((i) => (i < 12 ? 8 : 1)) };
  const view = { from: 0, to: 25 * HOUR, live: true };
  const model = modelOf({ data: changed, lines: linesOf(changed, 25 * HOUR), row: null, view, columns: 800, factor: 800, theta: 0.001 });
  const chart = drawChart(null, { width: 900, height: 600 }, 1);
  chart.setOption(structureOption(layoutOf(900, 600), tokens, 'utc'));
  chart.setOption(dataOption({ model, pane: null, price: null, others: [], more: [] }, { tokens, zone: 'utc', hatch: null, width: 800 }));
  const x = chart.convertToPixel({ xAxisId: 'x-f' }, 12 * HOUR);
  const svg = chart.renderToSVGString();
  expect(svg).toMatch(/<text[^>]*>8h \u2192 1h<\/text>/u);
  const uprights = [...svg.matchAll(/<path d="M([\d.]+) [\d.]+L([\d.]+) [\d.]+"[^>]*stroke-dasharray="1,3"/gu)];
  expect(uprights.map(([, from, to]) => [from === to, Math.abs(Number(from) - x) < 1])).toEqual([[true, true]]);
  chart.dispose();
});

it('the band’s edges and neutral are drawn where the axis says they are, however small the values', () => {
  const layout = layoutOf(900, 600);
  const view = { from: 0, to: 25 * HOUR, live: true };
  // Percent per 8 h: theta is 0.01716, which two decimals would make 0.02.
  const factor = 800;
  const model = modelOf({ data, lines: linesOf(data, 25 * HOUR), row: null, view, columns: 800, factor, theta: data.params.theta });
  const chart = drawChart(null, { width: 900, height: 600 }, 1);
  chart.setOption(structureOption(layout, tokens, 'utc'));
  chart.setOption(dataOption({ model, pane: null, price: null, others: [], more: [] }, { tokens, zone: 'utc', hatch: null, width: 800 }));
  const heightOf = (id: string, value: number): number => chart.convertToPixel({ yAxisId: id }, value);
  const svg = chart.renderToSVGString();
  const edges = levels(svg, edge);
  expect(edges).toHaveLength(2);
  expect(Math.abs((edges[0] ?? 0) - heightOf('d', data.params.theta * factor))).toBeLessThan(1);
  expect(Math.abs((edges[1] ?? 0) - heightOf('d', -data.params.theta * factor))).toBeLessThan(1);
  const rests = levels(svg, neutral);
  expect(rests.some((y) => Math.abs(y - heightOf('f', 0.000_012_5 * factor)) < 1)).toBe(true);
  expect(svg).toMatch(/<text[^>]*>neutral<\/text>/u);
  expect(svg).not.toMatch(/<text[^>]*opacity="0"[^>]*>neutral/u);
  chart.dispose();
});
