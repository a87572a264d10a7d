import type { ExplainedInput } from './explained-inputs.ts';
import { minuteOf, type ExplainedWindow } from './explained-window.ts';
import type { FrameInstrument } from './frames/frames.ts';
import type { Lapse } from './lapse.ts';
import type { Metric, StepAudit } from './metric.ts';
import type { Reason } from './reason.ts';

/** A value that is not there, with what is known of it. */
interface Lack {
  readonly metric: Pick<Metric, 'on' | 'inputs'>;
  readonly inputs: readonly ExplainedInput[];
  readonly window: ExplainedWindow | null;
  readonly audit: StepAudit;
  /** Of a group the one that is asked about. */
  readonly instrument: FrameInstrument | null;
  /** The time that is asked about lies beyond the newest row. */
  readonly lapse: Lapse | null;
}

/** What would have to come for the value to be there. */
export const wanted = (reason: Reason, lack: Lack): string => {
  const { lapse, metric } = lack;
  if (lapse === null) return WANTED[reason](lack);
  if (metric.on === 'settlement') return `the settlement that was due at ${minuteOf(lapse.dueAt)}, and those since`;
  return metric.on === 'book' ? 'an order book of this time' : 'rates and prices of this time';
};

const WANTED: Readonly<Record<Reason, (lack: Lack) => string>> = {
  'warming-up': (lack) =>
    more(lack) ?? unknownOf(lack, ['openInterest', 'settledAt']) ?? `more ${rowsOf(lack)}: those so far do not tell it`,
  gap(lack) {
    const { on, inputs } = lack.metric;
    const names: readonly string[] = inputs;
    const pairs = lack.audit.parts?.['pairs'] ?? Infinity;
    if (pairs < 2) return `values that follow one another without a gap; ${pairs === 0 ? 'none do' : 'two do'}`;
    if (on === 'settlement') {
      return names.some((name) => name.startsWith('seen'))
        ? 'a poll in the 5 minutes before the moment that is looked back from'
        : afresh(lack, 'the settlement before this one is missing');
    }
    if (on === 'bar') return 'a running rate observed in this bar';
    if (on === 'book') return 'a book with both sides';
    if (!names.includes('f')) return 'the settlement that was due before this time';
    const whose = on === 'hour' || lack.instrument === null ? '' : ` of ${lack.instrument.id}`;
    return `a running rate${whose} observed in this hour, or a settlement whose interval reaches it`;
  },
  'interval-unknown': () => 'over how many hours the rate counts: from the venue, or from the settlements after it',
  'interval-change': (lack) => afresh(lack, 'rates of two intervals are not compared'),
  flat({ audit }) {
    const [floor] = (audit.floors ?? []).filter((check) => check.value < check.floor);
    return floor === undefined
      ? 'values that differ: those that it rests on did not move'
      : `${floor.name} of ${floor.floor} or more; it is ${short(floor.value)}`;
  },
  incomplete({ window }) {
    if (window === null || window.latestGap === null || window.missing === null) return 'the settlement that is missing';
    const them = window.missing === 1 ? 'the settlement that is missing' : `the ${window.missing} settlements that are missing`;
    return `${them}, or a window that begins after ${minuteOf(window.latestGap)}`;
  },
  stale: () => 'a newer observation',
  'not-for-venue': ({ instrument }) => `the formula of ${instrument?.venue || 'the venue'} with its interest and clamp`,
  'no-price': (lack) => unknownOf(lack, ['mark', 'index']) ?? 'a price in the rows that it is measured from',
  'no-open-interest': (lack) => unknownOf(lack, ['openInterest', 'usd']) ?? 'open interest in USD',
  'no-usd': ({ instrument }) => `money that is USD or a stablecoin: it is counted in ${instrument?.money || 'other money'}`,
  coverage({ audit }) {
    const [floor] = audit.floors ?? [];
    const seen = floor === undefined ? '' : `; ${short(100 * floor.value)} % was`;
    return `the premium observed over ${short(100 * (floor?.floor ?? NaN))} % of the time since the last settlement${seen}`;
  },
  unconfirmed: () => 'a third instrument, whose price tells which of the two is the coin',
  excluded: () => "a price within 20 % of the other instruments'",
  'too-few': ({ audit }) =>
    `more instruments to compare${audit.instruments === undefined ? '' : `; ${audit.instruments} ${audit.instruments === 1 ? 'has' : 'have'} a value`}`,
  'no-reversion': ({ audit }) => `a phi above 0 and below 1; it is ${short(audit.parts?.['phi'] ?? NaN)}`,
  'too-thin': () => 'a deeper book',
  'out-of-range': () => 'inputs whose result is a finite number',
};

const short = (value: number): string => String(Number(value.toPrecision(6)));

const rowsOf = ({ metric: { on } }: Lack): string => (on === 'settlement' ? 'settlements' : on === 'bar' ? 'bars' : 'hours');

/** What the window still lacks. */
function more(lack: Lack): string | null {
  const { window } = lack;
  if (window === null) return null;
  if (window.coveredH !== null) {
    return window.coveredH < window.need
      ? `${window.need - window.coveredH} more hours of settlements; ${window.coveredH} of ${window.need} are covered`
      : `settlements from ${minuteOf(window.from)} on`;
  }
  const { earlier } = lack.audit;
  if (earlier !== undefined && window.first !== null && window.need === 2 && window.n < 2) {
    return earlier.rows === 1 ? 'a row before this one' : `a row ${earlier.rows} ${rowsOf(lack)} before this one`;
  }
  return window.n < window.need ? `${window.need - window.n} more ${rowsOf(lack)}; ${window.n} of ${window.need} are there` : null;
}

function afresh(lack: Lack, why: string): string {
  const rest = more(lack);
  return rest === null ? `a settlement that follows this one: ${why}` : `${rest}; ${why}, so it starts afresh`;
}

/** Which of the columns are not known; null of none. An instrument of a group without a rate would not be asked for more. */
function unknownOf({ inputs }: Lack, columns: readonly string[]): string | null {
  const isKnown = (name: string): boolean => inputs.find((each) => each.name === name)?.value !== null;
  const unknown = inputs.filter(({ name, value }) => {
    const [field = name, whose] = name
      .replace(/ before$/u, '')
      .split(' ')
      .reverse();
    return value === null && columns.includes(field) && (whose === undefined || isKnown(`${whose} f`));
  });
  return unknown.length === 0 ? null : unknown.map(({ name }) => WORDS[name] ?? ofMember(name)).join(' and ');
}

/** "binance:BTCUSDT usd" in words. */
function ofMember(name: string): string {
  const [id = name, field = ''] = name.split(' ');
  return `${field === 'usd' ? 'the open interest' : `the ${field}`} of ${id}`;
}

const WORDS: Readonly<Record<string, string>> = {
  openInterest: 'the open interest',
  'openInterest before': 'the open interest of the earlier row',
  mark: 'the mark',
  'mark before': 'the mark of the earlier row',
  index: 'the index',
  'index before': 'the index of the earlier row',
  settledAt: 'a first settlement',
};
