import type { Settings } from '#bridge/settings.ts';
import { inGroups, isNumberText } from '#domain/number-text.ts';

/** The marks that numbers are written with. */
export interface Notation {
  readonly decimal: '.' | ',';
  /** Between thousands; '' for none. */
  readonly group: string;
}

/** What leaves the screen, so that another program can read it. */
const MACHINE: Notation = { decimal: '.', group: '' };
const POINT: Notation = { decimal: '.', group: ',' };
/** As typographers set it: half as wide as a space, and no line ends there. */
const NARROW = '\u202F';

/** How the machine, or the `locale`, writes numbers. Digits are Western and in threes, as on every exchange; only the marks are its own. */
export function systemNotation(locale?: string): Notation {
  const parts = new Intl.NumberFormat(locale, { numberingSystem: 'latn', useGrouping: true }).formatToParts(1_234_567.5);
  const mark = (type: Intl.NumberFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? '';
  return { decimal: mark('decimal') === ',' ? ',' : '.', group: mark('group') };
}

const NOTATIONS: Readonly<Record<Exclude<Settings['numberFormat'], 'system'>, Notation>> = {
  point: POINT,
  comma: { decimal: ',', group: '.' },
  space: { decimal: ',', group: NARROW },
  plain: MACHINE,
};

export const notationOf = (format: Settings['numberFormat']): Notation => (format === 'system' ? systemNotation() : NOTATIONS[format]);

/** Where the notation of the page is kept. */
export interface NotationSource {
  notation: Notation;
}

let source: NotationSource = { notation: POINT };

/** The page gives its own at its start; all that writes or reads a number asks there, so that a page has one notation and follows its change. */
export const takeNotationFrom = (kept: NotationSource): void => void (source = kept);

export const notation = (): Notation => source.notation;

/** What is copied or exported: worked out as if the page wrote for machines. */
export function forMachines<T>(work: () => T): T {
  const kept = source.notation;
  source.notation = MACHINE;
  try {
    return work();
  } finally {
    source.notation = kept;
  }
}

/** Plain decimal text in the notation of the page. */
export function written(plain: string, { decimal, group } = notation()): string {
  const [whole = '', part] = plain.split('.');
  const grouped = whole.replace(/\d+/u, (digits) => inGroups(digits, group));
  return part === undefined ? grouped : `${grouped}${decimal}${part}`;
}

/** A number with two readings, as the calculators are given it: they refuse the comma. */
const REFUSED = /^[+-]?[1-9]\d{0,2},\d{3}$/u;

/** The numbers of a text of the calculators with nothing between thousands, as they stand in a field. */
export const inField = (text: string, { decimal } = notation()): string =>
  decimal === '.'
    ? text
    : text.replace(/\S+/gu, (word) =>
        isNumberText(word) ? word.replace('.', decimal) : REFUSED.test(word) ? word.replace(',', '.') : word,
      );

const IN_SENTENCE = /(?<![\p{L}\d.,:_])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?!\d|[.,]\d)/gu;

/** A sentence of the calculators, whose numbers are written 1,234.5, in the notation of the page. */
export const inWords = (sentence: string, marks = notation()): string =>
  marks.decimal === '.' && marks.group === ','
    ? sentence
    : sentence.replace(IN_SENTENCE, (number) => {
        const plain = number.replaceAll(',', '');
        return number === plain ? plain.replace('.', marks.decimal) : written(plain, marks);
      });
