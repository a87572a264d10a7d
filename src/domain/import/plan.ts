import type { Counted } from '../amounts.ts';
import { HOUR_MS, MINUTE_MS } from '../time.ts';
import { type DateOrder, offsetOf, shown, type TimeForm } from './cells.ts';
import { type Layout, rateUnitOf, type Role, saysCoin, saysUtc } from './columns.ts';
import type { SaidInstrument } from './symbols.ts';

/** What a person says of a file; what is left out is taken from the file where that says it, and asked for where it does not. */
export interface ImportWishes extends SaidInstrument {
  readonly venue?: string | undefined;
  /** The instrument's symbol as its venue spells it; of a file of several `NAME=SYMBOL` for each that is spelled otherwise. */
  readonly symbols?: readonly string[] | undefined;
  /** By role the name of the column, or its number from 1 on; '' where a column is not to be read. */
  readonly columns?: Readonly<Partial<Record<Role, string>>> | undefined;
  /** Of times that say none: UTC, +08:00. */
  readonly zone?: string | undefined;
  readonly dates?: Exclude<DateOrder, null> | undefined;
  readonly rates?: 'decimal' | 'percent' | undefined;
  /** Hours as the file states them, from the distances of settlements, or a number of hours. */
  readonly interval?: 'stated' | 'derived' | number | undefined;
  readonly price?: 'mark' | 'index' | 'last' | undefined;
  /** Minutes of a candle whose time is its opening; 0: times are those of the prices. */
  readonly candleMinutes?: number | undefined;
  readonly interest?: Counted | undefined;
}

/** What was found in the lines of a file, all of them. */
export interface Facts {
  readonly names: readonly string[];
  /** The file names its columns, or its documents do. */
  readonly hasNames: boolean;
  readonly lines: number;
  /** Names of instruments and of venues that columns say, with how many lines. */
  readonly symbols: readonly (readonly [name: string, lines: number])[];
  readonly venues: readonly string[];
  /** How times are written, with how many lines. */
  readonly forms: Readonly<Partial<Record<TimeForm, number>>>;
  /** Dates with the year last: how many, and how many whose first and second number can only be a day. */
  readonly dates: { readonly count: number; readonly firstIsDay: number; readonly secondIsDay: number };
  /** Cells of rates that say % and that do not; the middle one of the sizes of those that do not, NaN: none. */
  readonly rates: { readonly percent: number; readonly plain: number; readonly middle: number };
  /** Most frequent distance of two neighbouring lines of one instrument, ms; NaN: there is none. */
  readonly stepMs: number;
  /** By the name of the file, where its documents say so. */
  readonly symbolOfFile: string | null;
}

/** Something that the file leaves open. `field`: what answers it. */
export interface Question {
  readonly field: keyof ImportWishes;
  readonly text: string;
  readonly choices: readonly { readonly value: string; readonly says: string }[];
}

/** How lines are read. */
export interface Plan {
  readonly places: Layout['places'];
  readonly zoneMs: number;
  readonly dates: DateOrder;
  readonly percent: boolean;
  readonly interval: 'stated' | 'derived' | number;
  readonly closeIs: 'mark' | 'index' | 'last' | null;
  /** Ms from a time to the close of its price. */
  readonly candleMs: number;
  readonly interestIn: Counted;
}

export interface Planned {
  readonly plan: Plan;
  readonly questions: readonly Question[];
  /** How the file was understood, a sentence each. */
  readonly notes: readonly string[];
}

/** A rate that is so large in the middle of a file, per hour, is percent that is called decimal, or a market without its like: 0.01 % per 8 h is 0.0000125. */
const DOUBTFUL_RATE_PER_HOUR = 1.5e-4;
const LONGEST_CANDLE_MS = 24 * HOUR_MS;

const choices = (...given: readonly (readonly [value: string, says: string])[]) => given.map(([value, says]) => ({ value, says }));

/** How the lines of a file are read, with what has to be asked first. Nothing is guessed: what two readings fit is a question. */
export function planOf(facts: Facts, layout: Layout & { readonly unknown: readonly string[] }, wishes: ImportWishes): Planned {
  const questions: Question[] = [];
  const notes: string[] = [];
  const { places } = layout;
  const ask = (field: keyof ImportWishes, text: string, given: Question['choices'] = []): void =>
    void questions.push({ field, text, choices: given });
  const nameOf = (role: Role): string => facts.names[places[role] ?? -1] ?? '';
  const has = (role: Role): boolean => places[role] !== undefined;

  askColumns(facts, layout, ask);

  const zoneMs = wishes.zone === undefined ? 0 : offsetOf(wishes.zone);
  const timeName = nameOf('time') || nameOf('opens') || nameOf('closes');
  if (Number.isNaN(zoneMs)) ask('zone', `${shown(wishes.zone ?? '')} is no zone: write UTC, or +08:00.`);
  else if ((facts.forms.local ?? 0) > 0 && wishes.zone === undefined && !saysUtc(timeName) && facts.symbolOfFile === null)
    ask(
      'zone',
      'Times say no zone. Which one are they in?',
      choices(['UTC', 'UTC'], ['+08:00', '8 hours east of UTC (Singapore, Hong Kong)']),
    );

  const { count, firstIsDay, secondIsDay } = facts.dates;
  let dates: DateOrder = wishes.dates ?? null;
  if (count > 0 && dates === null) {
    if (firstIsDay > 0 && secondIsDay === 0) dates = 'day-first';
    else if (secondIsDay > 0 && firstIsDay === 0) dates = 'month-first';
    else
      ask(
        'dates',
        'Dates like 01/02/2024: which number is the day?',
        choices(['day-first', 'The first: 1 February'], ['month-first', 'The second: 2 January']),
      );
    if (dates !== null)
      notes.push(
        `Dates are read with the ${dates === 'day-first' ? 'day' : 'month'} first: other lines of the file can be read no other way.`,
      );
  }

  const percent = percentOf(facts, nameOf('rate'), has('rate'), wishes, ask);
  const interval = wishes.interval ?? (has('interval') ? 'stated' : 'derived');
  if (interval === 'stated' && !has('interval'))
    ask(
      'interval',
      'No column states the interval. Take it from the distances of settlements, or say it in hours.',
      choices(['derived', 'From the distances'], ['8', '8 h'], ['4', '4 h'], ['1', '1 h']),
    );

  const isCandles = has('close') && (has('opens') || facts.names.some((name) => /^(?:open|high)$/iu.test(name)));
  const closeIs = wishes.price ?? null;
  if (has('close') && closeIs === null)
    ask(
      'price',
      `Which price is ${shown(nameOf('close'))}?`,
      choices(['mark', 'Mark price'], ['index', 'Index price'], ['last', 'Last trade']),
    );
  const candleMs = candleOf(facts, isCandles && !has('closes'), wishes, ask, notes);

  const interestIn = wishes.interest ?? 'base';
  if (has('interest') && wishes.interest === undefined && !saysCoin(nameOf('interest')))
    ask(
      'interest',
      `What is ${shown(nameOf('interest'))} counted in?`,
      choices(['base', 'Coins'], ['contracts', 'Contracts'], ['quote', 'Money (quote)']),
    );

  if (layout.unread.length > 0)
    notes.push(`Not read: ${layout.unread.slice(0, 12).join(', ')}${layout.unread.length > 12 ? ' and others' : ''}.`);
  const forms = Object.entries(facts.forms).filter(([form]) => form !== 'words' && form !== 'local');
  if (forms.length > 1)
    notes.push(`Times are written in ${forms.map(([form, lines]) => `${form} (${lines} lines)`).join(' and ')}: told apart by their size.`);
  return {
    plan: { places, zoneMs: Number.isNaN(zoneMs) ? 0 : zoneMs, dates, percent, interval, closeIs, candleMs, interestIn },
    questions,
    notes,
  };
}

type Ask = (field: keyof ImportWishes, text: string, given?: Question['choices']) => void;

function askColumns(
  { names, hasNames }: Facts,
  { places, twice, unknown }: Layout & { readonly unknown: readonly string[] },
  ask: Ask,
): void {
  const there = names
    .filter((name) => name !== '')
    .slice(0, 20)
    .join(', ');
  for (const word of unknown) ask('columns', `There is no column ${shown(word)}; there are ${there}.`);
  for (const { role, names: both } of twice)
    ask(
      'columns',
      `Two columns may be the ${role}: ${both.map(shown).join(' and ')}. Say which one is.`,
      choices([both[0], both[0]], [both[1], both[1]]),
    );
  const at = (role: Role): boolean => places[role] !== undefined;
  const isTimed = at('time') || at('opens') || at('closes');
  const hasValue = (['rate', 'mark', 'index', 'last', 'close', 'interest'] as const).some(at);
  if (isTimed && hasValue) return;
  if (!hasNames)
    ask(
      'columns',
      `The file does not name its columns; its first line is ${shown(names.join(','))}. Say which column holds what, by its number: time=1, rate=3.`,
    );
  else if (!isTimed) ask('columns', `No column is a time; there are ${there}. Say which one is.`);
  else ask('columns', `No column is a rate, a price or open interest; there are ${there}. Say which one is.`);
}

function percentOf({ rates, stepMs }: Facts, name: string, isThere: boolean, wishes: ImportWishes, ask: Ask): boolean {
  if (!isThere || rates.percent + rates.plain === 0) return false;
  if (wishes.rates !== undefined) return wishes.rates === 'percent';
  const unit = rateUnitOf(name);
  if (unit === 'percent' || rates.plain === 0) return true;
  const both = choices(['decimal', 'Decimals: 0.0001 is 0.01 %'], ['percent', 'Percent: 0.01 is 0.01 %']);
  const hours = typeof wishes.interval === 'number' ? wishes.interval : stepMs > 0 ? Math.min(8, Math.max(1, stepMs / HOUR_MS)) : 8;
  const middle = Number(rates.middle.toPrecision(3));
  if (rates.percent > 0) ask('rates', `Some rates say % and some do not (${middle}, for one). What are those without it?`, both);
  else if (unit === null)
    ask('rates', `${shown(name)} does not say what its rates are; the middle one is ${middle}. Are they decimals or percent?`, both);
  else if (rates.middle / hours > DOUBTFUL_RATE_PER_HOUR)
    ask(
      'rates',
      `${shown(name)} holds decimals by its name, but the middle one is ${middle}: as a decimal that is ${Number((middle * 100).toPrecision(3))} % per payment. Decimals or percent?`,
      both,
    );
  return false;
}

/** Ms from a line's time to the close of its price. */
function candleOf({ stepMs }: Facts, opens: boolean, { candleMinutes }: ImportWishes, ask: Ask, notes: string[]): number {
  if (candleMinutes !== undefined) return candleMinutes * MINUTE_MS;
  if (!opens) return 0;
  if (!(stepMs > 0) || stepMs > LONGEST_CANDLE_MS || (stepMs < HOUR_MS ? HOUR_MS % stepMs : stepMs % HOUR_MS) !== 0) {
    ask(
      'candleMinutes',
      'How long is a candle? Its times are taken for openings.',
      choices(['60', '1 h'], ['1', '1 min'], ['240', '4 h'], ['1440', '1 day'], ['0', 'Times are closes']),
    );
    return 0;
  }
  notes.push(`Candles of ${stepMs / MINUTE_MS} min: their times are openings, a price is stored at the close.`);
  return stepMs;
}
