import { plainNumber } from '../../format/metric-text.ts';
import { inUnit } from '#domain/units.ts';
import { formatPrice, formatQuantity, intervalText, NONE, type Scale, unitHeader } from '../../format/numbers.ts';
import type { Zone } from '../../format/time.ts';
import { type Explanation, stamp } from './audit.ts';

interface Writer {
  readonly figure: (value: number) => string;
  readonly unit: string;
}
const percent = (unit: string): Writer => ({ figure: (value) => plainNumber(value * 100), unit });

const writers: Readonly<Record<string, Writer>> = {
  rate: percent('%/int'),
  seen60: percent('%/int'),
  seen15: percent('%/int'),
  seen5: percent('%/int'),
  premium: percent('%'),
  mark: { figure: formatPrice, unit: '' },
  index: { figure: formatPrice, unit: '' },
  openInterest: { figure: formatQuantity, unit: '' },
  usd: { figure: formatQuantity, unit: 'USD' },
  intervalH: { figure: intervalText, unit: '' },
};

/** What a column is called. */
export const FIELD_NAMES: Readonly<Record<string, string>> = {
  f: 'funding f',
  rate: 'rate',
  seen60: 'seen 60 min before',
  seen15: 'seen 15 min before',
  seen5: 'seen 5 min before',
  openInterest: 'open interest',
  usd: 'open interest',
  intervalH: 'interval',
  settledAt: 'settled at',
};

/** "binance:TAOUSDT f" of a group's member, "mark before" of an earlier row; else a column. */
function partsOf(name: string): { readonly field: string; readonly whose: string | null; readonly isBefore: boolean } {
  const isBefore = name.endsWith(' before');
  const [field = name, whose = null] = (isBefore ? name.slice(0, -' before'.length) : name).split(' ').reverse();
  return { field, whose, isBefore };
}

type Input = Explanation['inputs'][number];

/** "funding f" of the asked instrument, "mark before". */
export function inputName(name: string): string {
  const { field, isBefore } = partsOf(name);
  return `${FIELD_NAMES[field] ?? field}${isBefore ? ' before' : ''}`;
}

/** What inputs are written in: rates per hour in the unit of the screen. */
export interface InputScale extends Scale {
  readonly zone: Zone;
}

const writerOf = (field: string, { unit, intervalH }: Scale): Writer | undefined =>
  field === 'f'
    ? { figure: (value) => plainNumber(inUnit(value, intervalH ?? Number.NaN, unit) * 100), unit: unitHeader(unit) }
    : writers[field];

/** A figure and what stands behind it, smaller. */
export function inputText({ name, value }: Input, scale: InputScale): { readonly figure: string; readonly unit: string } {
  const { field } = partsOf(name);
  if (value === null) return { figure: NONE, unit: '' };
  if (field === 'settledAt') return { figure: stamp(value, scale.zone), unit: '' };
  const writer = writerOf(field, scale);
  return { figure: (writer?.figure ?? plainNumber)(value), unit: writer?.unit ?? '' };
}

/** "Bybit TAOUSDT". */
export function instrumentName(id: string, venueName: (id: string) => string): string {
  const [venue = '', ...symbol] = id.split(':');
  return `${venueName(venue)} ${symbol.join(':')}`;
}

interface InstrumentTable {
  readonly fields: readonly string[];
  readonly rows: readonly {
    readonly id: string;
    /** Whose source and time stand for the row. */
    readonly leading: Input;
    readonly figures: readonly string[];
  }[];
}

/** The inputs of a group, an instrument in each row, so that the scale is one for all; null where there is no group. */
export function instrumentTable(inputs: readonly Input[], scale: InputScale): InstrumentTable | null {
  const rows = new Map<string, Input[]>();
  for (const input of inputs) {
    const { whose } = partsOf(input.name);
    if (whose === null) return null;
    rows.set(whose, [...(rows.get(whose) ?? []), input]);
  }
  const all = [...rows.values()];
  const [first = []] = all;
  if (first.length === 0) return null;
  const columns = first.map((_, i) =>
    alignedFigures(
      all.flatMap((row) => row[i] ?? []),
      scale,
    ),
  );
  return {
    fields: first.map(({ name }) => fieldHeader(name, scale)),
    rows: all.flatMap((row, r) => {
      const [leading] = row;
      return leading === undefined
        ? []
        : [{ id: partsOf(leading.name).whose ?? leading.name, leading, figures: columns.map((column) => column[r] ?? NONE) }];
    }),
  };
}

/** "f, %/8h". */
function fieldHeader(name: string, scale: Scale): string {
  const { field } = partsOf(name);
  const unit = writerOf(field, scale)?.unit ?? '';
  return `${shortNames[field] ?? field}${unit === '' ? '' : `, ${unit}`}`;
}
const shortNames: Readonly<Record<string, string>> = { usd: 'OI' };

/** Figures of one column with as many decimals each, so that their points stand in one line; abbreviated ones as they are. */
function alignedFigures(inputs: readonly Input[], scale: InputScale): string[] {
  const figures = inputs.map((input) => inputText(input, scale).figure);
  const decimalsOf = (figure: string): number => /^[^.]*\d(?:\.(\d+))?$/u.exec(figure)?.[1]?.length ?? 0;
  if (!figures.every((figure) => figure === NONE || /^[\d,.\u2212]+$/u.test(figure))) return figures;
  const most = Math.max(...figures.map(decimalsOf));
  return figures.map((figure) => {
    const decimals = decimalsOf(figure);
    if (figure === NONE || decimals === most) return figure;
    return `${figure}${decimals === 0 ? '.' : ''}${'0'.repeat(most - decimals)}`;
  });
}
