import type { WatchRow } from '#bridge/contract.ts';
import { refusalSentence, usdPar } from '#domain/amounts.ts';
import { moneyOf, pairOf } from '#domain/instrument.ts';
import type { MetricChoice } from '#bridge/settings.ts';
import { type AnyMetric, findMetric } from '#domain/metrics/index.ts';
import type { RateUnit } from '#domain/units.ts';
import { choiceTitle, isSigned, metricFigure, metricHeader, metricPhrase, paramsText, whyNone } from '../../format/metric-text.ts';
import { lastClose, lastRate } from '../../format/last.ts';
import { formatFixed, formatQuantity, formatRate, intervalText, NONE, perUnit, unitHeader } from '../../format/numbers.ts';
import { age, countdown, formatTime, shortAge, zoneName, type Zone } from '../../format/time.ts';
import { classText, intervalDoubt, NO_SETTLEMENT, payText, pinnedSentence, reasonOf, rowText, signalSentence } from '../../format/words.ts';
import type { ActiveAlert } from '../../state/alerts-feed.svelte.ts';
import { choiceKey } from '../metrics/choice.ts';
import { COLUMN_GAP_PX } from './fit.ts';

type FixedKey = 'asset' | 'venue' | 'rate' | 'ema' | 'd' | 'spark' | 'signal' | 'volume' | 'interval' | 'next' | 'age';
/** A chosen metric's column goes by what it shows, wherever it stands. */
export type ColumnKey = FixedKey | `metric ${string}`;

/** What cells need besides the row. */
export interface CellContext {
  readonly unit: RateUnit;
  readonly zone: Zone;
  readonly now: number;
  readonly venueName: (id: string) => string;
  /** What holds of the instrument now. */
  readonly alerts: readonly ActiveAlert[];
  /** The window stands in venue time: what was learnt after the moment is shown. */
  readonly showsLater: boolean;
}

/** Of the settlements that the row rests on, how many were learnt after the moment at which the window stands; '': it shows none of them. */
export function laterOf({ learnt }: Pick<WatchRow, 'learnt'>, { showsLater }: Pick<CellContext, 'showsLater'>): string {
  if (!showsLater || learnt === null || learnt.later === 0) return '';
  return `${learnt.later} of ${learnt.of} settlements of the week before were learnt later`;
}

export interface Column {
  readonly key: ColumnKey;
  readonly title: string;
  readonly align: 'start' | 'end';
  /** The unit in the header, where the column has one. */
  readonly unit?: (unit: RateUnit) => string;
  readonly text: (row: WatchRow, context: CellContext) => string;
  /** What the figure is, in a sentence: shown when the cell has the pointer or the focus. */
  readonly explain: (row: WatchRow, context: CellContext) => string;
  /** Sort key; NaN and '' go last. */
  readonly sort: (row: WatchRow) => number | string;
  /** Of figures with a sign: they can be ordered by their size, the most crowded of both sides first. */
  readonly signed?: true;
  /** What the column is, at the pointer. */
  readonly says: string;
  /** When its value was observed; left out: with the row. */
  readonly observedAt?: (row: WatchRow) => number | null;
  /** It orders by a value of now: of what has none, or an old one, is said how many rows that leaves out. */
  readonly ranks?: true;
  /** The metric behind the figure, which can be asked where it comes from. */
  readonly choice?: (row: WatchRow) => MetricChoice;
  /** Of a chosen metric: its place among the chosen ones, what tells it apart in the header, its width in px. */
  readonly metric?: {
    readonly index: number;
    readonly params: string;
    readonly widthPx: number;
    readonly foretells: boolean;
  };
}

const value = (x: number | null): number => x ?? Number.NaN;
const divergenceOf = ({ params }: WatchRow): MetricChoice => ({ metric: 'ema-divergence', params: { n: params.n } });
/** ". Alerts: Stretched (active for 3h)". */
const alertsText = (alerts: readonly ActiveAlert[], now: number): string =>
  alerts.length === 0
    ? ''
    : `. ${alerts.length === 1 ? 'Alert' : 'Alerts'}: ${alerts.map(({ name, phase, enteredAt }) => `${name} (${phase}${enteredAt === null ? '' : ` for ${shortAge(now - enteredAt)}`})`).join(', ')}`;
/** In USD, stablecoins 1:1: what is in other money is not compared. NaN: not known. */
export const volumeUsd = ({ volume24h, instrument }: WatchRow): number =>
  usdPar(moneyOf(instrument)) === null ? Number.NaN : value(volume24h);

/** Of everything that is listed: what trades. */
const volume: Column = {
  key: 'volume',
  title: 'Volume',
  align: 'end',
  unit: () => '24h USD',
  says: 'What was traded in the last 24 hours, in USD, stablecoins 1:1',
  text: (row) => formatQuantity(volumeUsd(row)),
  explain: (row) => {
    const money = moneyOf(row.instrument);
    if (row.volume24h === null)
      return `Volume of 24 hours: ${row.unconverted?.volume24h ? refusalSentence(row.unconverted.volume24h) : 'the venue states none'}`;
    const told = `Volume of 24 hours: ${formatQuantity(row.volume24h)} ${money}`;
    return usdPar(money) === null ? `${told}, which no stored index tells in USD` : told;
  },
  sort: volumeUsd,
  ranks: true,
};
const phaseRank = { quiet: 0, building: 1, fading: 2, active: 3 } as const;

const fixed: readonly Column[] = [
  {
    key: 'asset',
    title: 'Asset',
    align: 'start',
    says: 'What the contract is on, and the money that it is quoted in',
    text: (row) => pairOf(row.instrument),
    explain: (row, context) => {
      const { venueName, alerts, now } = context;
      const later = laterOf(row, context);
      const { asset, symbol, venue, multiplier, quote, settle } = row.instrument;
      const times = multiplier === 1 ? '' : `, one unit is ${multiplier} ${asset}`;
      return `${pairOf(row.instrument)}: ${symbol} on ${venueName(venue)}, quoted in ${quote}, settled in ${settle}${times}, ${classText(row.instrument)}${alertsText(alerts, now)}${later && `; ${later}`}`;
    },
    sort: (row) => `${row.instrument.asset} ${pairOf(row.instrument)}`,
  },
  {
    key: 'venue',
    title: 'Venue',
    align: 'start',
    says: 'Where it trades',
    text: (row, { venueName }) => venueName(row.instrument.venue),
    explain: (row, { venueName }) => `${venueName(row.instrument.venue)}, symbol ${row.instrument.symbol}`,
    sort: (row) => row.instrument.venue,
  },
  {
    key: 'rate',
    choice: () => ({ metric: 'funding', params: {} }),
    title: 'Rate',
    align: 'end',
    unit: unitHeader,
    says: 'Running rate of the next settlement: an estimate until it settles. Above 0 longs pay, below 0 shorts pay',
    text: (row, { unit }) => formatRate(lastRate(row), row.intervalH, unit),
    explain: (row, { unit, zone, now }) => {
      const pay = payText(lastRate(row), row.intervalH, unit);
      if (pay === null) return `No running rate: ${reasonOf(row)}`;
      if (row.f === null)
        return `Last running rate, ${row.observedAt === null ? 'age not known' : `${age(now - row.observedAt)} old`}: ${pay}`;
      return [`Running rate, not settled yet: ${pay}`, pinnedSentence(row, zone)].filter((part) => part !== null).join('. ');
    },
    sort: (row) => value(lastRate(row)),
    signed: true,
    ranks: true,
  },
  {
    key: 'ema',
    choice: divergenceOf,
    title: 'EMA',
    align: 'end',
    unit: unitHeader,
    says: 'Average of the closed hours before this one (EMA of n hours)',
    text: (row, { unit }) => formatRate(row.ema, row.intervalH, unit),
    explain: (row, { unit }) =>
      row.ema === null
        ? `No average: ${reasonOf(row)}`
        : `Average of the last closed hours (EMA of ${row.params.n}): ${formatRate(row.ema, row.intervalH, unit)} % ${perUnit(unit, row.intervalH)}`,
    sort: (row) => value(row.ema),
    signed: true,
    ranks: true,
  },
  {
    key: 'd',
    choice: divergenceOf,
    title: 'D',
    align: 'end',
    unit: unitHeader,
    says: 'Divergence: running rate less its average. Coloured outside the threshold; a filled arrow is a crowd, a hollow one a crowd that eases',
    text: (row, { unit }) => formatRate(row.d ?? lastClose(row)?.d ?? null, row.intervalH, unit),
    explain: (row, { unit, zone }) => {
      const last = lastClose(row);
      if (row.d === null && last !== null)
        return `Divergence of the last close, ${formatTime(last.at, 'full', zone)} ${zoneName(zone, last.at)}: ${formatRate(last.d, row.intervalH, unit)} % ${perUnit(unit, row.intervalH)}; ${reasonOf(row)}`;
      return row.d === null
        ? `No divergence: ${reasonOf(row)}`
        : `Divergence, running rate less average: ${formatRate(row.d, row.intervalH, unit)} % ${perUnit(unit, row.intervalH)}, ${formatFixed(Math.abs(row.d) / row.params.theta, 2)} of the threshold`;
    },
    sort: (row) => value(row.d ?? lastClose(row)?.d ?? null),
    signed: true,
    ranks: true,
  },
  {
    key: 'spark',
    title: 'D, 7 days',
    align: 'start',
    says: 'Divergence of the last 7 days on its own band, coloured where it left the band. Orders by |D| over the threshold',
    text: () => '',
    explain: (row) =>
      `Divergence of the last 7 days on its own band; coloured where it left the band${row.sparkEnd === null ? ': no history yet' : ''}`,
    sort: (row) => (row.d === null ? Number.NaN : Math.abs(row.d) / row.params.theta),
    ranks: true,
  },
  {
    key: 'signal',
    choice: ({ params: { theta, k, n } }) => ({ metric: 'signal', params: { theta, k, n } }),
    title: 'Signal',
    align: 'start',
    says: 'Active after as many closes outside the threshold in a row as it asks for; fading until it is over',
    text: (row, { now }) => (row.status === 'live' ? rowText(row, now) : row.status),
    explain: (row, { zone, unit }) =>
      row.status === 'live'
        ? [signalSentence(row, zone, unit), pinnedSentence(row, zone)].filter((part) => part !== null).join('. ')
        : reasonOf(row),
    sort: (row) => phaseRank[row.signal.phase] * 1000 + row.signal.periods,
  },
  {
    key: 'interval',
    title: 'Int',
    align: 'end',
    says: 'Funding interval: hours from settlement to settlement',
    text: (row) => intervalText(row.intervalH),
    explain: (row, { venueName }) =>
      row.intervalH === null
        ? 'Funding interval: not known yet'
        : row.continuous
          ? `Funding accrues all the time on this instrument; its rate is quoted for ${intervalText(row.intervalH)}`
          : row.statedH === null
            ? `Funding is settled every ${intervalText(row.intervalH)} on this instrument now`
            : intervalDoubt(row, venueName(row.instrument.venue)),
    sort: (row) => value(row.intervalH),
    ranks: true,
    // It holds until it is changed, however long ago it was said.
    observedAt: () => null,
  },
  {
    key: 'next',
    title: 'Next',
    align: 'end',
    says: 'Time left to the next settlement',
    text: (row, { now }) => (row.nextFundingAt === null ? '\u2013' : countdown(row.nextFundingAt - now)),
    explain: (row, { zone }) =>
      row.nextFundingAt === null
        ? row.continuous
          ? NO_SETTLEMENT
          : 'Next settlement: not known yet'
        : `Next settlement ${formatTime(row.nextFundingAt, 'full', zone)} ${zoneName(zone, row.nextFundingAt)}`,
    sort: (row) => value(row.nextFundingAt),
    ranks: true,
    observedAt: () => null,
  },
  {
    key: 'age',
    title: 'Age',
    align: 'end',
    says: 'How long ago the venue told these values',
    text: (row, { now }) => (row.observedAt === null ? '\u2013' : age(now - row.observedAt)),
    explain: (row, { zone, venueName }) =>
      row.observedAt === null
        ? `${venueName(row.instrument.venue)} has not answered yet`
        : `Observed ${formatTime(row.observedAt, 'second', zone)} ${zoneName(zone, row.observedAt)} from ${venueName(row.instrument.venue)}`,
    sort: (row) => value(row.observedAt),
  },
];

const LETTER_PX = 6.1;
const widths = { label: 104, least: 62, most: 108, foretold: 132 } as const;

function metricColumn(choice: MetricChoice, index: number, cellName: string): Column {
  const metric: AnyMetric | undefined = findMetric(choice.metric);
  const title = metric?.title ?? choice.metric;
  const params = paramsText(choice);
  const isLabel = metric?.unit === 'label';
  return {
    key: `metric ${choiceKey(choice)}`,
    title,
    align: isLabel ? 'start' : 'end',
    unit: (unit) => (metric ? metricHeader(metric, unit) : ''),
    text: (row, { unit }) => (metric ? metricFigure(metric, row.cells[cellName]?.value ?? null, { unit, intervalH: row.intervalH }) : NONE),
    explain: (row, { unit }) => {
      if (!metric) return `${choice.metric}: this version has no such metric`;
      const cell = row.cells[cellName];
      const name = choiceTitle(choice);
      if (!cell || cell.value === null) return `${name}: ${lowerFirst(whyNone(cell?.reason ?? null))}`;
      const phrase = isLabel ? '' : metricPhrase(metric, cell.value, { unit, intervalH: row.intervalH });
      return `${name}: ${[phrase, cell.word].filter(Boolean).join(', ')}. ${metric.says}`;
    },
    says: metric?.says ?? 'This version has no such metric',
    sort: (row) => value(row.cells[cellName]?.value ?? null),
    ranks: true,
    // Some venues are asked for it beside the polls, and more seldom.
    ...(metric?.inputs.some((input) => input === 'openInterest') && { observedAt: (row) => row.openInterestAt ?? row.observedAt }),
    ...(metric && isSigned(metric) ? { signed: true as const } : {}),
    ...(metric ? { choice: () => choice } : {}),
    metric: {
      index,
      params,
      foretells: metric?.foretells === true,
      widthPx: isLabel
        ? widths.label
        : metric?.foretells === true
          ? widths.foretold
          : Math.round(Math.min(widths.most, Math.max(widths.least, title.length * LETTER_PX))),
    },
  };
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const AFTER: FixedKey = 'signal';
/** What is scanned for stands first. */
const AFTER_IN_SCAN: FixedKey = 'd';

/**
 * All columns in their order: the chosen metrics stand between the signal and the settlement times, of everything that is listed behind D. A choice shows once.
 * `cellNames`: under which name rows hold each chosen metric's cell; `isScan`: of everything that is listed.
 */
export function columnsOf(choices: readonly MetricChoice[], cellNames: readonly string[], isScan = false): readonly Column[] {
  const seen = new Set<string>();
  const chosen = choices
    .map((choice, i) => metricColumn(choice, i, cellNames[i] ?? ''))
    .filter(({ key }) => !seen.has(key) && seen.add(key));
  const at = fixed.findIndex(({ key }) => key === (isScan ? AFTER_IN_SCAN : AFTER)) + 1;
  return [...fixed.slice(0, at), ...chosen, ...(isScan ? [volume] : []), ...fixed.slice(at)];
}

/** What the chosen metrics add to the width of the list, in px. */
export const extraWidth = (choices: readonly MetricChoice[]): number =>
  columnsOf(choices, []).reduce((sum, { metric }) => sum + (metric ? metric.widthPx + COLUMN_GAP_PX : 0), 0);
