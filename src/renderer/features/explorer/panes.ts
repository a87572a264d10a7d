import type { RateUnit } from '#domain/units.ts';
import { inUnit } from '#domain/units.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import { cumulative } from '#domain/explore/payments.ts';
import { findMetric } from '#domain/metrics/index.ts';
import { axisFigure, choiceTitle, metricFactor, metricHeader } from '../../format/metric-text.ts';
import { formatFixed } from '../../format/numbers.ts';
import type { LinePane } from './lines.ts';
import type { ExploredInstrument, ExploredSeries } from './session.svelte.ts';

type NameOf = (instrument: string) => string;

/** A pane for each metric, with a line for each instrument. */
export function metricPanes(
  choices: readonly MetricChoice[],
  series: readonly ExploredSeries[],
  unit: RateUnit,
  nameOf: NameOf,
): LinePane[] {
  const rateFactor = inUnit(1, Number.NaN, unit) * 100;
  return choices.flatMap((choice): LinePane[] => {
    const metric = findMetric(choice.metric);
    if (metric === undefined) return [];
    const key = JSON.stringify(choice);
    return [
      {
        title: `${choiceTitle(choice)} ${metricHeader(metric, unit)}`,
        factor: metricFactor(metric, rateFactor),
        figure: (shown, decimals) => axisFigure(metric, shown, decimals),
        lines: series
          .filter((one) => JSON.stringify(one.choice) === key)
          .map(({ instrument, time, value }) => ({ name: nameOf(instrument), time, value, holds: metric.on === 'settlement' })),
      },
    ];
  });
}

/** What was paid since the range began. */
export const cumulativePanes = (explored: readonly ExploredInstrument[], nameOf: NameOf): LinePane[] => [
  {
    title: 'Cumulative funding: settled rates summed, % of the notional (positive: longs paid)',
    factor: 100,
    figure: (shown, decimals) => formatFixed(shown, decimals, true),
    lines: explored.map(({ instrument, settlements }) => ({
      name: nameOf(instrument),
      time: settlements.key,
      value: cumulative(settlements.rate),
      holds: true,
    })),
  },
];
