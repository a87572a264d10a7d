import type { WatchRow } from '#bridge/contract.ts';

/** Thousands of rows come in events of twenty: those who look at all of them see them together. */
const TOGETHER_MS = 250;

/** Rows that are there because the window shows everything that is listed. The map is one object; `version` tells that it holds other rows. */
export class ScanRows {
  readonly #rows = new Map<string, WatchRow>();
  #version = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  get rows(): ReadonlyMap<string, WatchRow> {
    void this.#version;
    return this.#rows;
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
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#version += 1;
    }, TOGETHER_MS);
  }
}
