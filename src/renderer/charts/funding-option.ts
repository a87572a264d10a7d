import { formatFixed, intervalText } from '../format/numbers.ts';
import { axesOf, lineOf, markedTimes, paintedOf, pointOf, quiet } from './axes.ts';
import type { ComparedModel } from './compared-model.ts';
import { at } from './decimate.ts';
import type { Model } from './divergence-model.ts';
import type { DataStyle } from './divergence-option.ts';
import { atOnce, dotPainter, gapData, gapPainter, strokePainter } from './painters.ts';
import type { Tokens } from './tokens.ts';
import { type Range, tickDecimals } from './view.ts';

/** The pane of funding: its id, and that of its value axis. */
export const FUNDING = 'f';

export const rateTick = (v: number, step: number): string => formatFixed(v, tickDecimals(step), true);

/** How those that are drawn over the chart's own are told apart without their colours. */
export const OTHER_STROKES: readonly ('solid' | readonly number[])[] = ['solid', [6, 2], [3, 2], [8, 2, 2, 2]];
const SPREAD_STROKE = [1, 2];

const hidden = { symbolSize: 1, itemStyle: { color: 'transparent' } };

export const fundingSeries = (tokens: Tokens, others: number): object[] => [
  paintedOf('gap-f', FUNDING, { z: 1 }),
  lineOf('neutral', FUNDING, { z: 2, lineStyle: { color: tokens.line2, width: 1, type: [2, 3] } }),
  { id: 'neutral-name', type: 'scatter', ...axesOf(FUNDING), ...quiet, ...hidden },
  { id: 'changes', type: 'scatter', ...axesOf(FUNDING), ...quiet, ...hidden, z: 4, labelLayout: { hideOverlap: true } },
  ...Array.from({ length: others }, (_, i) => [
    lineOf(`other-${i}`, FUNDING, {
      step: 'end',
      lineStyle: { color: tokens.other[i], width: 1.25, type: OTHER_STROKES[i], opacity: 0.9 },
    }),
    lineOf(`spread-${i}`, FUNDING, { z: 2, lineStyle: { color: tokens.other[i], width: 1.25, type: SPREAD_STROKE } }),
  ]).flat(),
  lineOf('ema', FUNDING, { lineStyle: { color: tokens.text3, width: 1.25 } }),
  lineOf('running', FUNDING, { lineStyle: { color: tokens.text1, width: 1.25, type: [1.5, 2.5] } }),
  paintedOf('running-dots', FUNDING),
  lineOf('settled', FUNDING, { step: 'end', z: 4, lineStyle: { color: tokens.text1, width: 1.5 } }),
  lineOf('late', FUNDING, {
    step: 'end',
    z: 4,
    symbol: 'diamond',
    symbolSize: 6,
    itemStyle: { color: tokens.surface0, borderColor: tokens.text1, borderWidth: 1 },
    lineStyle: { color: tokens.text2, width: 1.25, type: [5, 3] },
  }),
  pointOf('now-f', FUNDING, tokens),
  // At zero, where the other side begins to pay.
  pointOf('flips', FUNDING, tokens, {
    symbol: 'diamond',
    symbolSize: [7, 9],
    z: 4,
    itemStyle: { color: tokens.surface0, borderColor: tokens.text2 },
  }),
  // On the axis of time.
  paintedOf('settlements', FUNDING, { z: 2 }),
  // Where the divergence, on which they stand otherwise, is not drawn.
  pointOf('entries-f', FUNDING, tokens, { symbol: 'triangle', symbolSize: [9, 7], z: 6, itemStyle: {} }),
];

export function fundingData(model: Model, style: DataStyle, others: readonly (ComparedModel | null)[], withEntries: boolean): object[] {
  const { tokens, width } = style;
  // About one hollow dot per 7 px still reads as single observations.
  const dots = (points: Float64Array): boolean => points.length / 2 < width / 7;
  return [
    { id: 'gap-f', data: gapData(model.gaps), renderItem: gapPainter(model.gaps, style, true) },
    { id: 'neutral', data: model.neutral },
    {
      id: 'neutral-name',
      data: namedAt(model.neutral, model.view.from),
      label: { show: true, position: [4, -12], formatter: 'neutral', color: tokens.text3, fontFamily: tokens.font, fontSize: 10 },
    },
    changeSeries(model, tokens),
    ...others.flatMap((other, i) => [
      { id: `other-${i}`, data: other?.settled ?? [] },
      { id: `spread-${i}`, data: other?.spread ?? [] },
    ]),
    { id: 'ema', data: model.ema },
    { id: 'running', data: model.running },
    {
      id: 'running-dots',
      data: dots(model.running) ? atOnce(model.running) : [],
      renderItem: dotPainter(model.running, tokens),
    },
    { id: 'settled', data: model.settled },
    { id: 'late', data: model.late, showSymbol: dots(model.late) },
    { id: 'now-f', data: model.now ? [[model.now.t, model.now.f]] : [] },
    { id: 'flips', data: model.flips.map((t) => [t, 0]) },
    { id: 'settlements', data: atOnce(model.settlements), renderItem: strokePainter(model.settlements, tokens.text3) },
    { id: 'entries-f', data: withEntries ? entryData(model.entries, model.fRange, tokens) : [] },
  ];
}

/** Triangles that point to the crowded side, at its edge of the pane. */
export const entryData = (entries: Model['entries'], { min, max }: Range, tokens: Tokens): object[] =>
  entries.map(({ t, side }) => ({
    value: [t, side > 0 ? max - (max - min) * 0.03 : min + (max - min) * 0.03],
    symbolRotate: side > 0 ? 0 : 180,
    itemStyle: { color: side > 0 ? tokens.warm[3] : tokens.cool[3] },
  }));

/** A line where the interval became another one, and what it became at its top: no gap and no jump of what is paid. */
function changeSeries({ changes, fRange }: Model, tokens: Tokens): object {
  return {
    id: 'changes',
    data: changes.map((change) => ({
      value: [change.at, fRange.max],
      label: { formatter: `${intervalText(change.fromH)} \u2192 ${intervalText(change.toH)}` },
    })),
    label: { show: true, position: [4, 3], color: tokens.text2, fontFamily: tokens.font, fontSize: 10 },
    markLine: markedTimes({
      lineStyle: { color: tokens.text4, width: 1, type: [1, 3] },
      data: changes.map((change) => ({ xAxis: change.at })),
    }),
  };
}

/** The first point of the line in view, at the edge of the view where the line comes in from before it. */
function namedAt(points: Float64Array, from: number): number[][] {
  for (let i = 0; i + 1 < points.length; i += 2) {
    const [t, value, until] = [at(points, i), at(points, i + 1), at(points, i + 2)];
    if (!Number.isNaN(value) && (t >= from || until > from)) return [[Math.max(t, from), value]];
  }
  return [];
}
