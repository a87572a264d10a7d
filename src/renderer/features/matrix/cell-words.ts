import type { MatrixCell, MatrixRow, WatchRow } from '#bridge/contract.ts';
import type { RateUnit } from '#domain/units.ts';
import { formatFixed, formatQuantity, formatRate, perUnit } from '../../format/numbers.ts';
import { age, shortAge } from '../../format/time.ts';
import { whyNone } from '../../format/metric-text.ts';
import { pinnedText } from '../../format/words.ts';
import type { NetPair } from './matrix.ts';

const SMALL: Readonly<Record<string, string>> = {
  illiquid: 'smaller than the liquidity that is asked for',
  'size-unknown': 'its size in USD is not known',
};

/** "Bybit ETHUSDT: +0.0100 % per 8h, observed 12 s ago, ..." */
export function cellWords(
  cell: MatrixCell,
  row: MatrixRow,
  venueName: string,
  unit: RateUnit,
  now: number,
  pinned: WatchRow['pinned'] = null,
): string {
  const name = `${venueName} ${cell.instrument.slice(cell.instrument.indexOf(':') + 1)}`;
  const rate = (value: number): string => `${formatRate(value, null, unit)} % ${perUnit(unit, null)}`;
  const { f, d, observedAt, left, least, greatest, openInterest, volume24h } = cell;
  const parts = [
    ...(f === null ? [] : [rate(f)]),
    ...(pinned === null ? [] : [`${pinnedText(pinned, now)}: every settlement has charged the same`]),
    ...(observedAt === null ? [] : [`observed ${age(now - observedAt)} ago`]),
    ...(f === null || row.median === null ? [] : [`${formatRate(f - row.median, null, unit)} beside the median`]),
    ...(cell.isOutlier ? ['far from the others'] : []),
    ...(least === null || greatest === null ? [] : [`between ${formatRate(least, null, unit)} and ${formatRate(greatest, null, unit)}`]),
    ...(d === null ? [] : [`D ${rate(d)}`]),
    ...(openInterest === null ? [] : [`OI ${formatQuantity(openInterest)} USD`]),
    ...(volume24h === null ? [] : [`24h volume ${formatQuantity(volume24h)} USD`]),
    ...(left === null ? [] : [`no say in the spread: ${SMALL[left] ?? whyNone(left)}`]),
  ];
  return `${name}: ${parts.join(', ') || 'no rate known yet'}`;
}

/** How old a rate is that is not fresh: "4m"; else how long it is pinned: "pinned 31d"; '' of one that is neither, or is not known. */
export function markWords({ left, observedAt }: MatrixCell, now: number, pinned: WatchRow['pinned'] = null): string {
  if (left === 'stale' && observedAt !== null) return shortAge(now - observedAt);
  return pinned === null ? '' : pinnedText(pinned, now);
}

const percent = (share: number): string => `${formatFixed(share * 100, 4, true)} %`;

/** "Short A, long B: +0.0900 % of funding in 24 h at the rates that stand, less 0.2000 % for the round trip; even after 53 h." */
export function netWords(best: NetPair | null, holdH: number, name: (id: string) => string): string {
  if (best === null) return 'No two legs with a rate, known fees and a book that is deep enough.';
  const { short, long, income, cost, feesOnly } = best;
  const even = income > 0 ? `even after ${formatFixed((cost / income) * holdH, 1)} h` : 'never even: the rates bring nothing';
  const fees = feesOnly.length === 0 ? '' : ` Fees alone of ${feesOnly.map(name).join(' and ')}: no order book of now.`;
  return `Short ${name(short)}, long ${name(long)}: ${percent(income)} of funding in ${holdH} h at the rates that stand, ${percent(-cost)} for the round trip; ${even}.${fees}`;
}
