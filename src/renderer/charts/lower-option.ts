import { axesOf, lineOf, markedArea, markedValues, paintedOf, pointOf, quiet, zeroLine } from './axes.ts';
import type { DataStyle } from './divergence-option.ts';
import type { Model } from './divergence-model.ts';
import { entryData } from './funding-option.ts';
import { atOnce, barPainter, gapData, gapPainter, runningBarPainter } from './painters.ts';
import type { PaneModel } from './pane-model.ts';
import type { Tokens } from './tokens.ts';

/** Panes below the funding: the divergence on its band, or a metric. */

/** The id of the value axis of a pane; the first may draw the divergence. */
export const LOWER = 'd';
export const furtherId = (i: number): string => `metric-${i}`;
/** Series of the first pane have no ending, those of another one its id. */
const named = (name: string, pane: string): string => (pane === LOWER ? name : `${name}-${pane}`);

export const paneSeries = (pane: string, tokens: Tokens): object[] => [
  paintedOf(named('gap-d', pane), pane, { z: 1 }),
  paintedOf(named('bars', pane), pane),
  paintedOf(named('now-d', pane), pane, { z: 4 }),
  lineOf(named('pane', pane), pane, { z: 4, lineStyle: { color: tokens.text1, width: 1.25 } }),
  pointOf(named('now-pane', pane), pane, tokens),
  { id: named('entries', pane), type: 'scatter', ...axesOf(pane), ...quiet, z: 6, symbol: 'triangle', symbolSize: [9, 7], clip: true },
];

export function divergenceData(model: Model, style: DataStyle): object[] {
  const { tokens } = style;
  const { theta, view } = model;
  return [
    { id: 'gap-d', data: gapData(model.gaps), renderItem: gapPainter(model.gaps, style, false) },
    {
      id: 'bars',
      data: atOnce(model.bins.start),
      renderItem: barPainter(model.bins, theta, tokens),
      markArea: markedArea({ itemStyle: { color: tokens.band }, data: model.bandOutside ? [] : [[{ yAxis: -theta }, { yAxis: theta }]] }),
      markLine: markedValues({
        lineStyle: { color: tokens.bandEdge, width: 1, type: [4, 3] },
        data: [zeroLine(tokens), ...(model.bandOutside ? [] : [{ yAxis: theta }, { yAxis: -theta }])],
      }),
    },
    {
      id: 'now-d',
      data: model.now && !Number.isNaN(model.now.d) ? [[Math.max(model.lastClose, view.from), model.now.t, model.now.d]] : [],
      renderItem: runningBarPainter(theta, tokens),
    },
    { id: 'pane', data: [] },
    { id: 'now-pane', data: [] },
    {
      id: 'entries',
      data: entryData(model.entries, model.dRange, tokens),
    },
  ];
}

/** A chosen metric has no threshold of its own: all of it is neutral. */
export function paneData(pane: PaneModel, style: DataStyle, id: string): object[] {
  const { tokens } = style;
  const { now } = pane;
  const neutral = Number.POSITIVE_INFINITY;
  const hasZero = pane.range.min <= 0 && pane.range.max >= 0;
  return [
    { id: named('gap-d', id), data: gapData(pane.gaps), renderItem: gapPainter(pane.gaps, style, true) },
    {
      id: named('bars', id),
      data: atOnce(pane.bins?.start ?? []),
      ...(pane.bins && { renderItem: barPainter(pane.bins, neutral, tokens) }),
      markArea: markedArea({ data: [] }),
      markLine: markedValues({ data: hasZero && !pane.ticks ? [zeroLine(tokens)] : [] }),
    },
    {
      id: named('now-d', id),
      data: pane.bins && now ? [[now.from, now.t, now.value]] : [],
      renderItem: runningBarPainter(neutral, tokens),
    },
    { id: named('pane', id), data: pane.line ?? [], step: pane.holds ? 'end' : false },
    { id: named('now-pane', id), data: pane.line && now ? [[now.t, now.value]] : [] },
    { id: named('entries', id), data: [] },
  ];
}
