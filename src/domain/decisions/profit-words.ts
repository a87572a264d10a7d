import { exact, groupedText, type Exact } from './exact.ts';
import type { Figure } from './figure.ts';
import type { Liquidation } from './liquidation-price.ts';
import type { ReadProfit } from './profit-input.ts';
import type { ProfitFigure } from './profit.ts';

const short = (value: Exact, digits = 6): string => groupedText(value.toSignificantDigits(digits));
const percent = (share: Exact): string => `${groupedText(share.times(100).toDecimalPlaces(2))} %`;

/** A position before it is opened or closed, in one line: what the exit brings, what breaks even, what is lost, where it ends. */
export function profitWords(
  { net, onMargin, r, breakEven, lossAtStop, riskShare, bankruptcy }: Readonly<Record<ProfitFigure, Figure>>,
  { exit, position }: ReadProfit,
  found: Liquidation | null,
  stopFirst: boolean | null,
): string {
  const of = ({ value }: Figure): Exact | null => (value === null ? null : exact(value));
  const result = of(net);
  if (result === null) return '';
  const more = [
    ...(onMargin.value === null ? [] : [`${percent(exact(onMargin.value))} on the margin`]),
    ...(r.value === null ? [] : [`${groupedText(exact(r.value).toDecimalPlaces(2))} R`]),
  ];
  const made = `${result.lt(0) ? 'Loses' : 'Makes'} ${short(result.abs())} ${net.unit} net at ${short(exit, 8)}`;
  const even = of(breakEven);
  const move = even === null ? null : even.minus(position.entry).div(position.entry);
  const lost = of(lossAtStop);
  const parts = [
    `${made}${more.length === 0 ? '' : ` (${more.join(', ')})`}`,
    ...(even === null || move === null ? ['no price breaks even'] : [`breaks even at ${short(even, 8)} (${percent(move)} from the entry)`]),
    ...(lost === null
      ? []
      : [
          lost.gt(0)
            ? `the stop loses ${short(lost)} ${lossAtStop.unit}${riskShare.value === null ? '' : ` (${percent(exact(riskShare.value))} of the equity)`}`
            : `the stop still keeps ${short(lost.abs())} ${lossAtStop.unit}`,
        ]),
    endWords(found, stopFirst, bankruptcy),
  ];
  return `${parts.join('; ')}.`;
}

function endWords(found: Liquidation | null, stopFirst: boolean | null, bankruptcy: Figure): string {
  if (found === null)
    return bankruptcy.value === null
      ? 'liquidation is not known'
      : `liquidation is not known, bankrupt at ${short(exact(bankruptcy.value), 8)}`;
  if (found.kind === 'none') return 'it has no liquidation price';
  if (found.kind === 'at-once') return 'it would be liquidated at once';
  const order = stopFirst === null ? '' : stopFirst ? ', beyond the stop' : ', before the stop';
  return `liquidated near ${short(found.price, 8)}${order} (estimate)`;
}
