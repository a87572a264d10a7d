/** Filters of rows as a person types them: `|d| > 0.05 and (oi > 20m or venue = okx) and not asset ~ doge`, words beside them. */

/**
 * What a column's values are, which says what units a number beside it may have: rates and shares as they are shown (percent), money
 * (k, m, b), a stretch of time (s, m, h, d), hours, a plain number; or words.
 */
export type FieldKind = 'percent' | 'money' | 'time' | 'hours' | 'number' | 'text';

/** By every name that it goes by, in small letters. */
export type Fields = ReadonlyMap<string, { readonly key: string; readonly kind: FieldKind }>;

/** What a filter asks of a row. A number is NaN where there is none of now; a stretch of time is in seconds. */
export interface FilteredRow {
  /** Everything by which a plain word finds it, in small letters. */
  readonly text: string;
  number(key: string): number;
  /** Names that the column's value goes by, in small letters; none where it is not known. */
  words(key: string): readonly string[];
}

const OPS = ['<=', '>=', '!=', '==', '!~', '<', '>', '=', '~'] as const;
type Op = (typeof OPS)[number];

/** A figure, whatever its sign where `size` is true. */
interface Operand {
  readonly key: string;
  readonly size: boolean;
}
export type Filter =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'number'; readonly left: Operand; readonly op: Op; readonly right: number | Operand }
  | { readonly kind: 'text'; readonly key: string; readonly op: Op; readonly text: string }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] };

/** Why a text is no filter, and where in it. */
export interface FilterFault {
  readonly at: number;
  readonly message: string;
}
export type ParsedFilter = { readonly filter: Filter; readonly fault: null } | { readonly filter: null; readonly fault: FilterFault };

/** Words alone are looked for as they stand: a coin may be called NOT, or OR. */
export const isExpression = (text: string): boolean => /[<>=~()|"]/u.test(text) || /\S\s+(?:and|or)\s+\S|^\s*not\s+\S/iu.test(text);

interface Token {
  readonly kind: 'word' | 'quoted' | 'op' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

class Fault extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const push = (kind: Token['kind'], length: number, shown = text.slice(at, at + length)): void => {
    tokens.push({ kind, text: shown, at });
    at += length;
  };
  while (at < text.length) {
    const rest = text.slice(at);
    const [space] = /^\s+/u.exec(rest) ?? [''];
    const op = OPS.find((one) => rest.startsWith(one));
    if (space !== '') at += space.length;
    else if (op !== undefined) push('op', op.length);
    else if ('()|'.includes(rest.charAt(0))) push('sign', 1);
    else if (rest.startsWith('"')) {
      const end = rest.indexOf('"', 1);
      if (end < 0) throw new Fault(at, 'This quotation mark is not closed.');
      push('quoted', end + 1, rest.slice(1, end));
    } else push('word', /^(?:[^\s<>=~()|"!]|!(?![=~]))+/u.exec(rest)?.[0].length ?? 1);
  }
  tokens.push({ kind: 'end', text: '', at: text.length });
  return tokens;
}

/** What a number is multiplied by, by the unit behind it. */
const UNITS: Readonly<Record<Exclude<FieldKind, 'text'>, Readonly<Record<string, number>>>> = {
  percent: { '': 1, '%': 1, bp: 0.01, bps: 0.01 },
  money: { '': 1, k: 1e3, m: 1e6, mn: 1e6, b: 1e9, bn: 1e9 },
  time: { s: 1, sec: 1, m: 60, min: 60, h: 3600, d: 86_400 },
  hours: { '': 1, h: 1 },
  number: { '': 1, k: 1e3, m: 1e6, b: 1e9 },
};
const UNIT_WORDS: Readonly<Record<Exclude<FieldKind, 'text'>, string>> = {
  percent: 'a number in the unit of the column, such as 0.05 or 5bp',
  money: 'an amount, such as 20m, 1.5b or 500k',
  time: 'a time with its unit, such as 30s, 5m or 2h',
  hours: 'hours, such as 8 or 4h',
  number: 'a number, such as 95',
};

const NUMBER = /^([+-]?)(\d+(?:\.\d*)?|\.\d+|\d{1,3}(?:,\d{3})+(?:\.\d*)?)([a-z%]*)$/iu;

class Parser {
  readonly #tokens: readonly Token[];
  readonly #fields: Fields;
  #next = 0;

  constructor(text: string, fields: Fields) {
    this.#tokens = tokensOf(text);
    this.#fields = fields;
  }

  parse(): Filter {
    const filter = this.#or();
    const { kind, text, at } = this.#peek();
    if (kind === 'end') return filter;
    throw new Fault(
      at,
      text === ')' ? 'No parenthesis is open here.' : `“${text}” cannot stand here: write a column before it, as in d > 0.05.`,
    );
  }

  #peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] ?? { kind: 'end', text: '', at: 0 };
  }
  #take(): Token {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }
  #is(word: string): boolean {
    const { kind, text } = this.#peek();
    return kind === 'word' && text.toLowerCase() === word;
  }

  #or(): Filter {
    const of = [this.#and()];
    while (this.#is('or')) {
      this.#take();
      of.push(this.#and());
    }
    return of.length === 1 && of[0] ? of[0] : { kind: 'or', of };
  }
  /** "and" may be left out. */
  #and(): Filter {
    const of = [this.#not()];
    for (;;) {
      if (this.#is('and')) this.#take();
      else if (this.#is('or') || !this.#begins()) break;
      of.push(this.#not());
    }
    return of.length === 1 && of[0] ? of[0] : { kind: 'and', of };
  }
  #begins(): boolean {
    const { kind, text } = this.#peek();
    return kind === 'word' || kind === 'quoted' || (kind === 'sign' && text !== ')');
  }
  #not(): Filter {
    if (!this.#is('not') || this.#peek(1).kind === 'op') return this.#primary();
    this.#take();
    return { kind: 'not', of: this.#not() };
  }
  #primary(): Filter {
    const { kind, text, at } = this.#peek();
    if (kind === 'end') throw new Fault(at, 'Something is missing here: a column, as in d > 0.05, or a word.');
    if (text === '(' && kind === 'sign') {
      this.#take();
      const inner = this.#or();
      const closing = this.#peek();
      if (closing.text !== ')' || closing.kind !== 'sign') throw new Fault(at, 'This parenthesis is not closed.');
      this.#take();
      return inner;
    }
    if (kind === 'sign' && text === '|') return this.#comparison();
    if (kind === 'word' && this.#peek(1).kind === 'op') return this.#comparison();
    if (kind === 'word' && (this.#is('and') || this.#is('or'))) throw new Fault(at, `Something is missing before “${text}”.`);
    if (kind !== 'word' && kind !== 'quoted')
      throw new Fault(
        at,
        text === ')' ? 'Something is missing before this parenthesis.' : `Write a column before “${text}”, as in d > 0.05.`,
      );
    this.#take();
    return { kind: 'word', text: text.toLowerCase() };
  }

  #comparison(): Filter {
    const start = this.#peek();
    const { field, size } = this.#operand();
    const op = this.#take();
    if (op.kind !== 'op')
      throw new Fault(
        op.at,
        `After the column ${start.text === '|' ? 'a comparison' : `“${start.text}” a comparison`} is missing: <, <=, >, >=, =, != or ~.`,
      );
    const sign = op.text as Op;
    if (field.kind === 'text') {
      if (size) throw new Fault(start.at, 'Words have no size.');
      if ('<>'.includes(sign.charAt(0))) throw new Fault(op.at, 'Words are compared with =, !=, ~ (contains) or !~.');
      const value = this.#value(sign);
      return { kind: 'text', key: field.key, op: sign, text: value.text.toLowerCase() };
    }
    if (sign.endsWith('~')) throw new Fault(op.at, '~ is for words; numbers are compared with <, <=, >, >=, = or !=.');
    return { kind: 'number', left: { key: field.key, size }, op: sign, right: this.#right(field.kind, sign) };
  }

  /** A column by its name, or its size: |d|. */
  #operand(): { readonly field: { readonly key: string; readonly kind: FieldKind }; readonly size: boolean } {
    const size = this.#peek().text === '|' && this.#peek().kind === 'sign';
    const open = this.#peek();
    if (size) this.#take();
    const { kind, text, at } = this.#take();
    if (kind !== 'word') throw new Fault(at, 'The name of a column is missing here.');
    const field = this.#fields.get(text.toLowerCase());
    if (!field) throw new Fault(at, this.#unknown(text));
    if (size && !(this.#peek().kind === 'sign' && this.#peek().text === '|')) throw new Fault(open.at, 'This | is not closed: write |d|.');
    if (size) this.#take();
    return { field, size };
  }

  #right(kind: Exclude<FieldKind, 'text'>, op: Op): number | Operand {
    const { text, at, kind: what } = this.#peek();
    const isColumn = (what === 'sign' && text === '|') || (what === 'word' && this.#fields.has(text.toLowerCase()));
    if (isColumn) {
      const { field, size } = this.#operand();
      if (field.kind !== kind) throw new Fault(at, `These two columns are not of one unit.`);
      return { key: field.key, size };
    }
    const value = this.#value(op);
    const [, sign = '', digits = '', unit = ''] = NUMBER.exec(value.text.replace('\u2212', '-')) ?? [];
    const factor = digits === '' ? undefined : UNITS[kind][unit.toLowerCase()];
    if (factor === undefined) throw new Fault(value.at, `“${value.text}” is not ${UNIT_WORDS[kind]}.`);
    return (sign === '-' ? -1 : 1) * Number(digits.replaceAll(',', '')) * factor + 0;
  }

  #value(op: Op): Token {
    const value = this.#peek();
    if (value.kind !== 'word' && value.kind !== 'quoted') throw new Fault(value.at, `After ${op} a value is missing.`);
    return this.#take();
  }

  #unknown(text: string): string {
    const typed = text.toLowerCase();
    if (NUMBER.test(text)) return `Write the column first, as in d > ${text}.`;
    const near = [...this.#fields.keys()].filter((name) => name.startsWith(typed.slice(0, 2)));
    return `This list has no column “${text}”.${near.length === 0 ? '' : ` Did you mean ${near.slice(0, 3).join(' or ')}?`}`;
  }
}

export function parseFilter(text: string, fields: Fields): ParsedFilter {
  try {
    return { filter: new Parser(text, fields).parse(), fault: null };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { filter: null, fault: { at: error.at, message: error.message } };
  }
}

/** Whether the row is what the filter asks for; null: that cannot be told, for a value that it asks for is not known. */
export function passes(filter: Filter, row: FilteredRow): boolean | null {
  switch (filter.kind) {
    case 'word':
      return row.text.includes(filter.text);
    case 'not': {
      const inner = passes(filter.of, row);
      return inner === null ? null : !inner;
    }
    case 'and':
      return all(filter.of, row, false);
    case 'or':
      return all(filter.of, row, true);
    case 'text': {
      const names = row.words(filter.key);
      if (names.length === 0) return null;
      const found = filter.op.endsWith('~') ? names.some((name) => name.includes(filter.text)) : names.includes(filter.text);
      return filter.op.startsWith('!') ? !found : found;
    }
    case 'number': {
      const read = ({ key, size }: Operand): number => (size ? Math.abs(row.number(key)) : row.number(key));
      const [left, right] = [read(filter.left), typeof filter.right === 'number' ? filter.right : read(filter.right)];
      return Number.isNaN(left) || Number.isNaN(right) ? null : compared(left, filter.op, right);
    }
  }
}

/** One part that is `over` decides; else one that cannot be told leaves it open. */
function all(filters: readonly Filter[], row: FilteredRow, over: boolean): boolean | null {
  let open = false;
  for (const filter of filters) {
    const one = passes(filter, row);
    if (one === over) return over;
    open ||= one === null;
  }
  return open ? null : !over;
}

/** A figure of the screen is equal to what is typed where it is so but for rounding in binary. */
const CLOSE = 1e-9;

function compared(left: number, op: Op, right: number): boolean {
  const isSame = Math.abs(left - right) <= CLOSE * Math.max(Math.abs(left), Math.abs(right));
  if (op === '<') return left < right && !isSame;
  if (op === '>') return left > right && !isSame;
  if (op === '<=') return left < right || isSame;
  if (op === '>=') return left > right || isSame;
  return op === '!=' ? !isSame : isSame;
}
