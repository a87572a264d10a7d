import type { EChartsCoreOption } from 'echarts/core';
import type { Zone } from '../format/time.ts';
import { gridOption, timeAxis, timeRange, valueAxis, valueRange } from './axes.ts';
import type { ComparedModel } from './compared-model.ts';
import type { Model } from './divergence-model.ts';
import { FUNDING, fundingData, fundingSeries, rateTick } from './funding-option.ts';
import type { Layout } from './layout.ts';
import { divergenceData, furtherId, LOWER, paneData, paneSeries } from './lower-option.ts';
import type { Hatch } from './painters.ts';
import type { PaneModel } from './pane-model.ts';
import { PRICE, priceData, priceRange, priceSeries } from './price-option.ts';
import type { PriceModel } from './price-model.ts';
import type { Tokens } from './tokens.ts';

/**
 * Options of the chart: prices, funding, a lower pane that draws the divergence on its band or a chosen metric, and further metrics. Pure
 * functions of what is drawn and of the theme.
 */

export function structureOption(layout: Layout, tokens: Tokens, zone: Zone, others = 0): EChartsCoreOption {
  const panes = [
    ...(layout.price ? [{ id: PRICE, box: layout.price }] : []),
    { id: FUNDING, box: layout.funding },
    { id: LOWER, box: layout.divergence },
    ...layout.more.map((box, i) => ({ id: furtherId(i), box })),
  ];
  return {
    animation: false,
    useUTC: zone === 'utc',
    backgroundColor: 'transparent',
    grid: panes.map(({ id, box }) => gridOption(id, box)),
    xAxis: panes.map(({ id }, i) => timeAxis(id, i === panes.length - 1, tokens)),
    yAxis: panes.map(({ id }) => valueAxis(id, tokens)),
    series: [
      ...(layout.price ? priceSeries(tokens) : []),
      ...fundingSeries(tokens, others),
      ...paneSeries(LOWER, tokens),
      ...layout.more.flatMap((_, i) => paneSeries(furtherId(i), tokens)),
    ],
  };
}

export interface DataStyle {
  readonly tokens: Tokens;
  readonly zone: Zone;
  readonly hatch: Hatch | null;
  /** Width of the panes in px. */
  readonly width: number;
}

export interface Drawn {
  readonly model: Model;
  /** What the lower pane draws instead of the divergence; null: the divergence. */
  readonly pane: PaneModel | null;
  readonly price: { readonly model: PriceModel; readonly height: number } | null;
  /** As many as the structure has; null: not known yet. */
  readonly others: readonly (ComparedModel | null)[];
  readonly more: readonly PaneModel[];
}

export function dataOption({ model, pane, price, others, more }: Drawn, style: DataStyle): EChartsCoreOption {
  const x = timeRange(model.view, style.width, style.zone);
  const metricRange = (one: PaneModel): object => valueRange(one.range, one.tick, one.ticks);
  const ids = [...(price ? [PRICE] : []), FUNDING, LOWER, ...more.map((_, i) => furtherId(i))];
  return {
    xAxis: ids.map((id) => ({ id: `x-${id}`, ...x })),
    yAxis: [
      ...(price ? [priceRange(price.model, price.height)] : []),
      { id: FUNDING, ...valueRange(model.fRange, rateTick) },
      { id: LOWER, ...(pane ? metricRange(pane) : valueRange(model.dRange, rateTick)) },
      ...more.map((one, i) => ({ id: furtherId(i), ...metricRange(one) })),
    ],
    series: [
      ...(price ? priceData(price.model) : []),
      ...fundingData(model, style, others, pane !== null),
      ...(pane ? paneData(pane, style, LOWER) : divergenceData(model, style)),
      ...more.flatMap((one, i) => paneData(one, style, furtherId(i))),
    ],
  };
}
