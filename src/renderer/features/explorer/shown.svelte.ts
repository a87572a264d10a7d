import { distributionOf, extremesOf, weekOf } from '#domain/explore/distribution.ts';
import { paymentsOf } from '#domain/explore/payments.ts';
import { spreadLives } from '#domain/explore/spread-life.ts';
import { moneyOf } from '#domain/instrument.ts';
import { findMetric } from '#domain/metrics/index.ts';
import type { AppState } from '../../state/app-state.svelte.ts';
import type { OutTable } from '../exports/out.ts';
import type { ExplorerSession, ExplorerView } from './session.svelte.ts';
import { distributionColumns, extremeColumns, lifeColumns, settlementColumns, weekColumns } from './tables.ts';
import { forCalculators } from '../../format/read-number.ts';

const EXTREMES = 20;

/** What the views make of what came, each only while it is looked at, and the table of it that leaves the app. */
export class ExplorerShown {
  readonly #app: AppState;
  readonly #session: ExplorerSession;
  readonly #view: () => ExplorerView;

  constructor(app: AppState, session: ExplorerSession, view: () => ExplorerView) {
    this.#app = app;
    this.#session = session;
    this.#view = view;
  }

  /** Of the series that stands in the views of one. */
  readonly #series = $derived.by(() => this.#session.current);
  readonly metric = $derived.by(() => (this.#series === null ? undefined : findMetric(this.#series.choice.metric)));
  readonly distribution = $derived.by(() => (this.#view() === 'distribution' && this.#series ? distributionOf(this.#series.value) : null));
  readonly week = $derived.by(() => (this.#view() === 'week' && this.#series ? weekOf(this.#series.time, this.#series.value) : null));
  readonly extremes = $derived.by(() =>
    this.#view() === 'extremes' && this.#series ? extremesOf(this.#series.time, this.#series.value, EXTREMES) : null,
  );

  readonly held = $derived.by(() => this.#session.currentSettlements);
  readonly #heldRow = $derived.by(() => (this.held === null ? null : (this.#app.rows.get(this.held.instrument)?.instrument ?? null)));
  readonly payments = $derived.by(() =>
    this.held === null
      ? null
      : paymentsOf(this.held.settlements, {
          contract: this.#heldRow?.contract ?? 'linear',
          side: this.#session.side === 'long' ? 1 : -1,
          notional: Number(forCalculators(this.#session.notional)),
          openedAt: this.held.settlements.opened?.mark ?? NaN,
        }),
  );
  /** The money of the notional, and of the payments. */
  readonly quote = $derived.by(() => (this.#heldRow === null ? 'quote money' : moneyOf(this.#heldRow)));
  readonly paidIn = $derived.by(() => (this.#heldRow?.contract === 'inverse' ? this.#heldRow.settle : this.quote));

  /** The two whose funding is compared. */
  readonly legs = $derived.by(() => this.#session.series.filter(({ choice }) => choice.metric === 'funding').slice(0, 2));
  /** Newest first; null: there are no two, or what was typed is no level or no cost. */
  readonly lives = $derived.by(() => {
    const [first, second] = this.legs;
    const [level, cost] = [Number(forCalculators(this.#session.level)) / 100, Number(forCalculators(this.#session.cost)) / 10_000];
    if (this.#view() !== 'spread' || first === undefined || second === undefined || !(level > 0) || !(cost >= 0)) return null;
    const other = new Map([...second.time].map((t, i) => [t, second.value[i] ?? NaN]));
    return spreadLives({ time: first.time, first: first.value, second: first.time.map((t) => other.get(t) ?? NaN), level, cost }).reverse();
  });

  readonly table = $derived.by((): (() => OutTable) | undefined => {
    const { distribution, week, extremes, held, payments, paidIn, quote, lives } = this;
    const view = this.#view();
    const name = `explorer ${view} ${this.#series?.name ?? ''}`.slice(0, 80);
    const inside = this.metric?.unit ?? '';
    if (view === 'distribution' && distribution) return () => ({ name, columns: distributionColumns(distribution, inside) });
    if (view === 'week' && week) return () => ({ name, columns: weekColumns(week, inside) });
    if (view === 'extremes' && extremes) return () => ({ name, columns: extremeColumns([...extremes.high, ...extremes.low], inside) });
    if (view === 'settlements' && held && payments)
      return () => ({ name: `settlements ${held.instrument}`.slice(0, 80), columns: settlementColumns(held, payments, paidIn, quote) });
    if (view === 'spread' && lives && lives.length > 0) return () => ({ name, columns: lifeColumns(lives) });
    return undefined;
  });
}
