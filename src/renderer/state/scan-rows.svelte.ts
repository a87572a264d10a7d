import type { WatchRow } from '#bridge/contract.ts';

/** Thousands of rows come in events of twenty: those who look at all of them see them together. */
const TOGETHER_MS = 250;

/** Rows that are there because the window shows everything that is listed. The map is one object; who reads it is told that it holds other rows. */
export class ScanRows {
  readonly #rows = new Map<string, WatchRow>();
  #seen = $state.raw<{ readonly rows: ReadonlyMap<string, WatchRow> }>({ rows: this.#rows });
  #timer: ReturnType<typeof setTimeout> | undefined;

  get rows(): ReadonlyMap<string, WatchRow> {
    return this.#seen.rows;
  }

  take(rows: readonly WatchRow[]): void {
    for (const row of rows) this.#rows.set(row.instrument.id, row);
    this.#tell();
  }

  /** A list holds it now. */
  drop(id: string): void {
    if (this.#rows.delete(id)) this.#tell();
  }

  clear(): void {
    this.#rows.clear();
    this.#tell();
  }

  #tell(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#seen = { rows: this.#rows };
    }, TOGETHER_MS);
  }
}
