import type { VenueProfile, WatchRow } from '#bridge/contract.ts';
import type { CalculatorFacts } from '#bridge/facts.ts';
import { coinOf, pairOf } from '#domain/instrument.ts';
import { formatCount, formatFixed, intervalText, NONE } from '../../format/numbers.ts';
import { formatTime, zoneName, type Zone } from '../../format/time.ts';
import { classText } from '../../format/words.ts';

export type Fact = readonly [term: string, text: string];

const day = (t: number | null, zone: Zone): string => (t === null ? 'not known' : `${formatTime(t, 'full', zone)} ${zoneName(zone, t)}`);

/** What the instrument is. */
export function identityFacts({ instrument, status }: WatchRow, venueName: string, zone: Zone): Fact[] {
  const { symbol, asset, quote, settle, contract, contractSize, multiplier, aliases, listedAt, delistedAt } = instrument;
  const size = contractSize === null ? 'the venue does not say' : `${contractSize} ${contract === 'linear' ? coinOf(instrument) : quote}`;
  return [
    ['Pair', pairOf(instrument)],
    ['Venue', venueName],
    ['Symbol', symbol],
    ['Asset', [asset, ...aliases].join(', also ')],
    ['Quoted, settled', `${quote || NONE}, ${settle || NONE}`],
    ['Contract', `${contract}, ${size}`],
    ...(multiplier === 1 ? [] : [['Coins per unit of price', formatCount(multiplier)] as const]),
    ['Class', classText(instrument)],
    ['Listed', day(listedAt, zone)],
    ...(delistedAt === null ? [] : [['Delisted', day(delistedAt, zone)] as const]),
    ['Status', status],
  ];
}

const percent = (share: string | number | null): string =>
  share === null ? 'the venue does not say' : `${formatFixed(Number(share) * 100, 3)} %`;

/** What the venue demands of orders; none while its rules are not known. */
export function orderFacts({ rules, instrument }: CalculatorFacts): Fact[] {
  if (rules === null) return [];
  const coins = coinOf(instrument);
  const of = (amount: string | null, unit: string): string => (amount === null ? 'the venue does not say' : `${amount} ${unit}`);
  return [
    ['Lot step', of(rules.lotStep, 'contracts')],
    ['Tick', of(rules.tickSize, instrument.quote)],
    [
      'Least order',
      [rules.minQuantity && `${rules.minQuantity} contracts`, rules.minNotional && `${rules.minNotional} ${instrument.quote}`]
        .filter(Boolean)
        .join(', ') || 'the venue does not say',
    ],
    ['Most of a market order', of(rules.maxQuantity, 'contracts')],
    ['Largest position', of(rules.maxNotional, instrument.quote)],
    ['One contract', of(rules.contractSize, instrument.contract === 'linear' ? coins : instrument.quote)],
    ['Most leverage', rules.maxLeverage === null ? 'the venue does not say' : `${rules.maxLeverage}x`],
    ['Liquidation fee', percent(rules.liquidationFee)],
  ];
}

/** What a fill costs; none where that is not sourced. */
export function feeFacts(fees: VenueProfile['fees']): Fact[] {
  const [tier] = fees?.perp ?? [];
  if (!fees || !tier) return [];
  return [['Fees', `maker ${percent(tier.maker)}, taker ${percent(tier.taker)} (${tier.name}; read ${fees.asOf})`]];
}

/** The interval in force, and what the venue says of it. */
export function intervalWords({ intervalH, continuous, statedH }: WatchRow): string {
  if (intervalH === null) return 'not known yet';
  if (continuous) return `accrues all the time; quoted for ${intervalText(intervalH)}`;
  return statedH === null
    ? intervalText(intervalH)
    : `${intervalText(intervalH)} by its own settlements; the venue states ${intervalText(statedH)}`;
}
