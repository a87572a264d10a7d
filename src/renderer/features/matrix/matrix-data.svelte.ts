import type { CallInput, MatrixRow } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import type { MatrixLook } from '#bridge/matrix.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import { tierOf } from '../calculators/constants.ts';
import type { OutTable } from '../exports/out.ts';
import { matrixTable } from '../exports/tables.ts';
import { bestNet, type NetPair } from './matrix.ts';

const REFRESH_MS = 2500;
/** A slider that is moved asks where it rests. */
const REST_MS = 150;

/** What is asked for where it is shown like this; `asOf`: null of where the window stands. */
export function questionOf(app: AppState, asOf: number | null): CallInput<'metrics.matrix'> {
  const { scope, cells, hours, least, size } = app.shown.matrix;
  return { list: scope === 'list' ? (app.list?.id ?? null) : null, least, size, hours: cells === 'range' ? hours : null, asOf };
}

/** The pair of the row that leaves most with the person's fees, held as long as is chosen. */
export const netOf = (app: AppState, row: MatrixRow): NetPair | null =>
  bestNet(row, app.shown.matrix.holdH, (venue) => takerFeeOf(app, venue));

/** Of a fill in the person's tier, a share; null where the venue's fees are not known. */
export function takerFeeOf(app: AppState, venue: string): number | null {
  const calculators = app.settings?.calculators;
  return calculators === undefined ? null : (tierOf(venue, app.feesOf(venue), 'perp', calculators)?.taker ?? null);
}

/** What leaves the app: rows of an hour of the past, or (null) of where the window stands, with what the best pair leaves as it is shown. */
export function matrixOut(
  app: AppState,
  rows: readonly MatrixRow[],
  hour: { readonly at: number; readonly isVenueTime: boolean } | null,
): OutTable {
  const { at, isVenueTime } = hour ?? { at: app.past.time, isVenueTime: app.past.isVenueTime };
  return matrixTable(rows, { at, isVenueTime, look: app.shown.matrix, netOf: (row) => netOf(app, row) });
}

/** Rows of the matrix, asked for at once where the question changes and a moment apart while rates come. */
export class MatrixData {
  rows = $state.raw<readonly MatrixRow[] | null>(null);
  error = $state<string | null>(null);
  /** A full hour of the past; null: where the window stands. */
  then = $state<number | null>(null);
  /** The rows are of a moment by what is known today, for nothing was recorded by then. */
  isVenueTime = $state(false);
  /** Of which moment they are (ms); null: of now, or of where the window stands. */
  rowsOf = $state<number | null>(null);
  /** By the spread, as the app has them; or by the size of an exchange's rates. */
  order = $state('spread');
  /** Another question than that of the rows is on its way. */
  isOld = $state(false);
  readonly #app: AppState;
  readonly look = $derived.by((): MatrixLook => this.#app.shown.matrix);
  readonly #question = $derived.by(() => questionOf(this.#app, this.then));
  readonly #items = $derived.by(() => (this.look.scope === 'list' ? (this.#app.list?.items.length ?? 0) : 0));
  readonly #key = $derived.by(() => JSON.stringify([this.#question, this.#items, this.#app.past.key]));
  #lastAsked = 0;
  #askedFor = '';
  /** The question that has no answer yet. */
  #pending = '';
  /** Of which moment what is shown is: '' of now. */
  #shownOf = '';

  /** `isInSight`: nothing is asked for what cannot be seen. */
  constructor(app: AppState, isInSight: () => boolean) {
    this.#app = app;
    $effect(() => {
      // A window that stands in the past has its own moment.
      if (app.isPast) this.then = null;
    });
    $effect(() => {
      if (!isInSight()) return;
      const { asOf = null } = this.#question;
      const asking = { question: this.#question, key: this.#key, connection: app.connection, rows: asOf === null ? app.rows : null };
      if (asking.connection !== 'up') return;
      const isSame = asking.key === this.#askedFor;
      // What comes meanwhile is asked for after the answer.
      if (this.#pending === asking.key) return;
      // An hour that is over stays as it was.
      if (isSame && asOf !== null && this.rows !== null) return;
      // What was known now is not shown for then, not even until the answer is there.
      const of = `${JSON.stringify(asOf)} ${app.past.key}`;
      if (this.#shownOf !== of) this.rows = null;
      this.#shownOf = of;
      const wait = isSame ? Math.max(0, this.#lastAsked + REFRESH_MS - performance.now()) : asOf === null ? 0 : REST_MS;
      if (!isSame) this.isOld = true;
      this.#askedFor = asking.key;
      const timer = setTimeout(() => void this.#ask(asking.question, asking.key), wait);
      return () => clearTimeout(timer);
    });
  }

  change(look: Partial<MatrixLook>): void {
    this.#app.show({ matrix: { ...this.look, ...look } });
  }

  /** The newest full hour that the slider reaches. */
  readonly newestHour = $derived.by(() => Math.floor(this.#app.clock.now / HOUR_MS) * HOUR_MS);

  async #ask(question: CallInput<'metrics.matrix'>, key: string): Promise<void> {
    this.#lastAsked = performance.now();
    this.#pending = key;
    try {
      const { client } = this.#app;
      let rows = await client.call('metrics.matrix', question);
      const { asOf = null } = question;
      const isVenueTime = asOf !== null && typeof asOf === 'number' && rows.every(({ cells }) => cells.every(({ f }) => f === null));
      if (isVenueTime && key === this.#askedFor) rows = await client.call('metrics.matrix', { ...question, asOf: { venueTime: asOf } });
      if (key !== this.#askedFor) return;
      this.rows = rows;
      this.isOld = false;
      this.rowsOf = typeof asOf === 'number' ? asOf : null;
      this.isVenueTime = isVenueTime;
      this.error = null;
    } catch (cause) {
      if (key !== this.#askedFor) return;
      this.isOld = false;
      this.error = cause instanceof UserError ? cause.message : String(cause);
    } finally {
      if (this.#pending === key) this.#pending = '';
    }
  }
}
