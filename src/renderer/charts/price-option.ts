import { lineOf, pointOf, valueRange } from './axes.ts';
import { formatFixed } from '../format/numbers.ts';
import type { PriceModel } from './price-model.ts';
import type { Tokens } from './tokens.ts';
import { niceStep, tickDecimals } from './view.ts';

/** The pane of prices, above the funding: its id, and that of its value axis. */
export const PRICE = 'price';
/** Room for a label of the value axis. */
const LABEL_PX = 34;

export const priceSeries = (tokens: Tokens): object[] => [
  lineOf('index', PRICE, { z: 2, lineStyle: { color: tokens.text3, width: 1, type: [2, 3] } }),
  lineOf('average', PRICE, { z: 2, lineStyle: { color: tokens.text3, width: 1.25 } }),
  lineOf('mark', PRICE, { z: 4, lineStyle: { color: tokens.text1, width: 1.25 } }),
  pointOf('now-mark', PRICE, tokens, { symbolSize: 6 }),
];

export const priceData = ({ mark, index, average, now }: PriceModel): object[] => [
  { id: 'index', data: index },
  { id: 'average', data: average },
  { id: 'mark', data: mark },
  { id: 'now-mark', data: now ? [[now.t, now.mark]] : [] },
];

/** `height` px: a low pane has fewer lines. */
export function priceRange({ range }: PriceModel, height: number): object {
  const isKnown = range.min > 0;
  const step = niceStep(range.max - range.min, Math.max(2, height / LABEL_PX));
  return { id: PRICE, ...valueRange({ ...range, step }, (v) => (isKnown ? formatFixed(v, tickDecimals(step)) : '')) };
}
