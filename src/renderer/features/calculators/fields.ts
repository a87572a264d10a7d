import type { ScenarioSave } from '#bridge/scenario.ts';
import type { Problem } from '#domain/decisions/reader.ts';
import { readTime } from '#domain/typed-time.ts';
import { problemInPercent, toPercent } from './percent.ts';
import type { ConstantKey } from './constants.ts';
import type { OutTable } from '../exports/out.ts';
import { adviceInWords } from '../../format/typed.ts';
import { forCalculators, twofold } from '../../format/read-number.ts';
import { inField, inWords } from '../../format/notation.ts';

export interface Option {
  readonly value: string;
  readonly text: string;
  readonly title?: string;
}

/** One input of a calculator as the screen shows it. */
export interface FieldSpec {
  /** Its name in the form. Calculators of one instrument share what they name alike. */
  readonly key: string;
  /** Where it stands in the calculator's input, and in its problems where that differs. */
  readonly at: string;
  readonly says?: string;
  readonly name: string;
  readonly kind: 'number' | 'percent' | 'time' | 'list' | 'choice' | 'switch' | 'rule';
  /** '{quote}' and '{base}' stand for the instrument's, '{money}' for what it settles in, '{equity}' for what the equity is told in. */
  readonly unit: string;
  /** Percent only: what would be right. */
  readonly right?: string;
  readonly options?: readonly Option[];
  /** A choice that stands in the same row. */
  readonly beside?: FieldSpec;
  /** Which of the person's constants it is. */
  readonly constant?: ConstantKey;
  /** Percent only: what is typed nearer to 0 was meant as a decimal, and is asked about. */
  readonly least?: string;
  readonly hint?: string;
}

export interface FieldGroup {
  readonly name: string;
  readonly fields: readonly FieldSpec[];
  /** Shut until the person opens it or something in it is wrong. */
  readonly shut?: boolean;
}

/** Where a value that was not typed comes from. */
export interface Live {
  readonly text: string;
  readonly from: string;
  /** When it was observed, epoch ms; null: it does not age. */
  readonly at: number | null;
  /** How long it is taken for current, ms; left out: until it is replaced. */
  readonly freshMs?: number;
  /** The person's own constant. */
  readonly isConstant?: true;
}

export type Texts = (key: string) => string;
export type Typed = Readonly<Record<string, string>>;
export type LiveMap = Readonly<Record<string, Live | undefined>>;

export const textsOf =
  (typed: Typed, live: LiveMap): Texts =>
  (key) =>
    typed[key] ?? live[key]?.text ?? '';

/** What the shell asks of the calculator that is open. */
export interface PanelApi {
  summary: () => string;
  /** The one answer, in words; of what can be kept as a scenario. */
  head?: () => string;
  /** The same as rows of a file. */
  table: () => OutTable;
  /** Null while something has to be put right; left out: it is not kept as a scenario. */
  question?: () => Question | null;
  scope: () => string;
  /** `root`: what the calculator stands in. */
  focus: (root: HTMLElement) => void;
}

type Unnamed<T> = T extends ScenarioSave ? Omit<T, 'id' | 'name'> : never;
/** What is saved under a name. `typed` holds the keys of the fields that were typed, the person's constants among them. */
export type Question = Unnamed<ScenarioSave>;

/** The fields whose text a saved scenario brings back; the rest is live again. */
export const typedKeys = (fields: readonly FieldSpec[], typed: Typed): string[] =>
  fields.filter(({ key, constant }) => typed[key] !== undefined || constant !== undefined).map(({ key }) => key);

export const flat = (groups: readonly FieldGroup[]): FieldSpec[] =>
  groups.flatMap(({ fields }) => fields.flatMap((field) => (field.beside ? [field.beside, field] : [field])));

/** What '{quote}' and the others in a unit stand for. */
export type UnitNames = Readonly<Record<'base' | 'quote' | 'money' | 'equity', string>>;

export const named = (text: string, names: UnitNames): string =>
  text.replace(/\{(base|quote|money|equity)\}/gu, (_, name: keyof UnitNames) => names[name]);
export const unitOf = ({ unit }: FieldSpec, names: UnitNames): string => named(unit, names);

/** A field's text as one reads it: with its unit; a choice by its name; a table of tiers says itself what it is. */
export function readable(field: FieldSpec, text: string, unit: string): string {
  const option = field.options?.find(({ value }) => value === text);
  if (option) return option.text;
  const shown = inField(text);
  return unit === '' || (field.kind === 'rule' && !/^[\d.]+$/u.test(text)) ? shown : `${shown} ${unit}`;
}

/** Its name where both legs of a carry stand in one list. */
export const legName = ({ key, name }: FieldSpec): string =>
  key.startsWith('long.') ? `${name}, long` : key.startsWith('short.') ? `${name}, short` : name;

/** Problems by the field they stand at; what belongs to no field shown stands under ''. */
export function problemsAt(problems: readonly Problem[], fields: readonly FieldSpec[], text: Texts): Map<string, Problem[]> {
  const found = new Map<string, Problem[]>();
  for (const problem of problems) {
    const field = fields.find(({ at, says = at }) => problem.field === says || problem.field.startsWith(`${says}.`));
    const key = field?.key ?? '';
    found.set(key, [...(found.get(key) ?? []), inNotation(problem, field, field === undefined ? '' : text(field.key))]);
  }
  return found;
}

/** A problem in the words and the numbers of the screen; a number with two readings has words of its own. */
function inNotation(problem: Problem, field: FieldSpec | undefined, typed: string): Problem {
  const two = field !== undefined && TYPED_NUMBERS.has(field.kind) ? twofold(inField(typed)) : null;
  if (two !== null) return { ...problem, ...two };
  const { wrong, right } = field === undefined ? problem : inWordsOf(field, problem, typed);
  return { ...problem, wrong: inWords(wrong), right: adviceInWords(right) };
}

/** A problem in the unit that the field is typed in. */
function inWordsOf(field: FieldSpec, problem: Problem, typed: string): Problem {
  if (field.kind === 'percent' || field.kind === 'rule') return problemInPercent(problem, typed, field.right ?? problem.right);
  if (field.kind !== 'time') return problem;
  const read = typed.trim() === '' ? { wrong: problem.wrong, right: '' } : readTime(typed, { zone: 'UTC' });
  if (typeof read === 'number') return problem;
  return { ...problem, wrong: read.wrong, right: read.right === '' ? TIME_RIGHT : read.right };
}

const TIME_RIGHT = 'Enter a time in UTC before the year 2100, such as 2026-01-31 08:00.';

/** A rule of the number itself, which does not name its field. */
const BARE = /^(?:Missing\.|"|[\d.,+-]+(?: %)? (?:is|has) )/u;

/** The first thing that is wrong, with the name of its field. */
export function firstWrong(problems: ReadonlyMap<string, readonly Problem[]>, fields: readonly FieldSpec[]): string | null {
  for (const [key, [problem]] of problems) {
    const name = fields.find((field) => field.key === key)?.name;
    if (problem)
      return name !== undefined && BARE.test(problem.wrong) ? `${name}: ${problem.wrong.replace(/^Missing/u, 'missing')}` : problem.wrong;
  }
  return null;
}

/** Prices between spaces or semicolons, or commas with a space: "105 110". A comma inside a number stays, and is explained. */
export const listOf = (text: string): string[] => text.split(/[\s;]+|,\s+/u).filter((part) => part !== '');

const TYPED_NUMBERS: ReadonlySet<FieldSpec['kind']> = new Set(['number', 'percent', 'rule', 'list']);

/** What is typed into a field as the calculators take it: numbers in plain digits; what is none stays as it is typed. */
export function plainTyped({ kind }: FieldSpec, text: string): string {
  if (!TYPED_NUMBERS.has(kind)) return text;
  if (kind !== 'list') return forCalculators(text.replace(/ ?%$/u, ''));
  // Spaces at which no line ends stand inside a number, not between two.
  return listOf(text.replace(/(?<=\d)[\u00A0\u202F](?=\d)/gu, ''))
    .map(forCalculators)
    .join(' ');
}

/** "2026-11-21 16:00" (UTC unless it says its zone) as ms; what is no time stays as it is typed: the calculator says what is wrong. */
export function timeOf(text: string): string | null {
  if (text.trim() === '') return null;
  const at = readTime(text, { zone: 'UTC' });
  return typeof at === 'number' ? String(at) : text;
}

export const timeText = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** The text of a field as a stored input has it; null where it has none. */
export function textIn(input: object, { at, kind }: FieldSpec): string | null {
  let value: unknown = input;
  for (const part of at.split('.'))
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined;
  if (kind === 'switch') return value === null || value === undefined ? null : 'on';
  // Slippage walks a book where there is one.
  if (kind === 'choice' && typeof value === 'object') return value === null ? 'bps' : 'book';
  if (kind === 'list') return Array.isArray(value) && value.length > 0 ? value.join(' ') : null;
  if (kind === 'rule') return ruleIn(value);
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value);
  if (text === '') return null;
  if (kind === 'percent') return toPercent(text);
  return kind === 'time' && /^\d+$/u.test(text) ? timeText(Number(text)) : text;
}

/** A flat rate in percent; a table in words, which cannot be typed. */
function ruleIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  if ('rate' in value) return toPercent(String(value.rate));
  return 'tiers' in value && Array.isArray(value.tiers) ? tiersText(value.tiers.length) : null;
}

export const tiersText = (count: number): string => (count === 1 ? 'one tier' : `${count} tiers`);
