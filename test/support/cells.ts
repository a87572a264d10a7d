import type { MetricCell } from '#bridge/contract.ts';
import type { InstrumentId } from '#domain/instrument.ts';
import { MOST_COLUMNS } from '#bridge/workspace.ts';
import { LEASE_MS } from '#core/views.ts';
import { METRICS } from '#domain/metrics/index.ts';
import type { World } from './world.ts';

/** Turns of the event loop that no cell may change in, and after which it is taken that none will. */
const STILL_TURNS = 4;
const MOST_TURNS = 2_000;

/** Every metric of the catalogue as a column, in as many windows as that takes, and what their cells show. */
export class Cells {
  readonly #world: World;
  readonly #list: string;
  /** By the name under which rows hold it. */
  readonly #metrics = new Map<string, string>();
  #renews: (() => void) | null = null;

  constructor(world: World, list: string) {
    this.#world = world;
    this.#list = list;
  }
  /** From now on, said again before the app takes the windows as gone. */
  async follow(): Promise<void> {
    this.#renews?.();
    for (let from = 0; from < METRICS.length; from += MOST_COLUMNS) {
      const columns = METRICS.slice(from, from + MOST_COLUMNS).map(({ name }) => ({ metric: name, params: {} }));
      const { columns: names } = await this.#world.call('view.follow', { selected: null, list: this.#list, columns }, `w${from}`);
      for (const [i, name] of names.entries()) this.#metrics.set(name, columns[i]?.metric ?? '');
    }
    this.#renews = this.#world.clock.after(LEASE_MS / 2, () => void this.follow());
  }
  stop(): void {
    this.#renews?.();
  }
  /** What is shown once everything that was asked for is worked out, without a moment passing: by instrument and metric. */
  async shown(ids: readonly InstrumentId[]): Promise<Record<string, string>> {
    let before = '';
    let still = 0;
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      await this.#world.clock.advance(0);
      const rows = await this.#world.call('watchlist.rows', {});
      const found: Record<string, string> = {};
      for (const id of ids) {
        const row = rows.find(({ instrument }) => instrument.id === id);
        if (row === undefined) throw new Error(`no row of ${id}`);
        const { f, ema, d, why, signal, rate, intervalH, mark, index, openInterest, volume24h, nextFundingAt, observedAt, status } = row;
        found[`${id} row`] = JSON.stringify({
          f,
          ema,
          d,
          why,
          rate,
          intervalH,
          mark,
          index,
          openInterest,
          volume24h,
          nextFundingAt,
          observedAt,
        });
        found[`${id} signal`] = JSON.stringify({ signal, status });
        for (const [name, metric] of this.#metrics) found[`${id} ${metric}`] = textOf(row.cells[name]);
      }
      const now = JSON.stringify(found);
      still = now === before && !/waiting/u.test(now) ? still + 1 : 0;
      if (still >= STILL_TURNS) return found;
      before = now;
    }
    throw new Error(`cells do not come to rest: ${before.slice(0, 400)}`);
  }
}

const textOf = (cell: MetricCell | undefined): string => (cell === undefined ? 'no cell' : JSON.stringify(cell));
