import { CellError, isNothing, rateOf, shortDateOf, type TimeForm, timeOf } from '#domain/import/cells.ts';
import type { Places } from '#domain/import/columns.ts';
import type { Facts } from '#domain/import/plan.ts';
import type { TableLine } from './text-lines.ts';

/** So many rates and distances say what is usual. */
const SAMPLE = 20_000;
/** A file that names more instruments has another column taken for that of their names. */
const MOST_SYMBOLS = 5000;

/** What the lines of a file say of how it is written, gathered as they come. */
export class FactsSeen {
  readonly #places: Places;
  #lines = 0;
  readonly #symbols = new Map<string, number>();
  readonly #venues = new Set<string>();
  readonly #forms: Partial<Record<TimeForm, number>> = {};
  readonly #dates = { count: 0, firstIsDay: 0, secondIsDay: 0 };
  readonly #sizes: number[] = [];
  #percent = 0;
  #plain = 0;
  readonly #steps = new Map<number, number>();
  readonly #lastTime = new Map<string, number>();

  constructor(places: Places) {
    this.#places = places;
  }

  take(lines: readonly TableLine[]): void {
    const { symbol: symbolAt, venue: venueAt, rate: rateAt } = this.#places;
    const timeAt = this.#places.time ?? this.#places.opens ?? this.#places.closes;
    for (const { cells } of lines) {
      this.#lines++;
      const symbol = symbolAt === undefined ? '' : (cells[symbolAt] ?? '');
      if (symbol !== '' && (this.#symbols.has(symbol) || this.#symbols.size < MOST_SYMBOLS))
        this.#symbols.set(symbol, (this.#symbols.get(symbol) ?? 0) + 1);
      if (venueAt !== undefined && this.#venues.size < MOST_SYMBOLS) this.#venues.add(cells[venueAt] ?? '');
      if (timeAt !== undefined) this.#time(cells[timeAt] ?? '', symbol);
      if (rateAt !== undefined) this.#rate(cells[rateAt] ?? '');
    }
  }

  #time(cell: string, symbol: string): void {
    if (isNothing(cell)) return;
    const short = shortDateOf(cell);
    if (short !== null) {
      this.#dates.count++;
      if (short[0] > 12) this.#dates.firstIsDay++;
      if (short[1] > 12) this.#dates.secondIsDay++;
    }
    const read = unlessWrong(() => timeOf(cell, 0, short !== null && short[1] > 12 ? 'month-first' : 'day-first'));
    if (read === null) return;
    this.#forms[read.form] = (this.#forms[read.form] ?? 0) + 1;
    const last = this.#lastTime.get(symbol);
    this.#lastTime.set(symbol, read.ms);
    if (last === undefined || this.#steps.size >= SAMPLE) return;
    // Stamps are some milliseconds late: a distance is one of whole minutes.
    const step = Math.round(Math.abs(read.ms - last) / 60_000) * 60_000;
    if (step > 0) this.#steps.set(step, (this.#steps.get(step) ?? 0) + 1);
  }

  #rate(cell: string): void {
    if (isNothing(cell)) return;
    const read = unlessWrong(() => rateOf(cell, false));
    if (read === null || read.rate === 0) return;
    if (read.sign) this.#percent++;
    else {
      this.#plain++;
      if (this.#sizes.length < SAMPLE) this.#sizes.push(Math.abs(read.rate));
    }
  }

  facts(names: readonly string[], hasNames: boolean, symbolOfFile: string | null): Facts {
    const sizes = this.#sizes.toSorted((a, b) => a - b);
    const [usual] = [...this.#steps].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return {
      names,
      hasNames,
      lines: this.#lines,
      symbols: [...this.#symbols],
      venues: [...this.#venues].filter((venue) => venue !== ''),
      forms: this.#forms,
      dates: this.#dates,
      rates: { percent: this.#percent, plain: this.#plain, middle: sizes[Math.floor(sizes.length / 2)] ?? NaN },
      stepMs: usual?.[0] ?? NaN,
      symbolOfFile,
    };
  }
}

/** Null for a cell that is wrong: the reader of the line says so. */
function unlessWrong<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof CellError) return null;
    throw error;
  }
}
