import { UserError } from '#bridge/errors.ts';
import type { Divergence } from '#bridge/series.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { AppState } from './app-state.svelte.ts';

/** The least time between two rounds of questions. */
const REFRESH_MS = 4000;
/** Most contracts on one asset that are found. */
const MOST_PEERS = 200;

/** What is drawn over a chart: histories of other instruments of its asset, and which there are. */
export class ComparedData {
  /** Listed contracts on the asset, of any venue. */
  peers = $state.raw<readonly Instrument[]>([]);
  answers = $state.raw<ReadonlyMap<string, Divergence>>(new Map());
  error = $state<string | null>(null);
  readonly #app: AppState;
  #asset: string | null = null;
  #ids: readonly string[] = [];
  #from: number | null = null;
  #ticket = 0;
  #askedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(app: AppState) {
    this.#app = app;
  }

  /** The chart shows this asset. */
  async about(asset: string): Promise<void> {
    if (asset === this.#asset) return;
    this.#asset = asset;
    this.peers = [];
    try {
      const hits = await this.#app.client.call('instruments.search', { text: asset, limit: MOST_PEERS });
      if (asset !== this.#asset) return;
      this.peers = hits.filter(({ instrument, listed }) => listed && instrument.asset === asset).map(({ instrument }) => instrument);
    } catch (error) {
      if (asset === this.#asset) this.#asset = null;
      this.#app.tell(error);
    }
  }

  /** `from` null: everything stored. */
  show(ids: readonly string[], from: number | null): void {
    this.stop();
    this.#ids = ids;
    this.#from = from;
    this.answers = new Map([...this.answers].filter(([id]) => ids.includes(id)));
    this.error = null;
    if (ids.length > 0) void this.#load();
  }

  /** The stored history of one of them changed: ask again, but not more often than REFRESH_MS. */
  refresh(): void {
    if (this.#ids.length === 0 || this.#timer !== undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        void this.#load();
      },
      Math.max(0, this.#askedAt + REFRESH_MS - performance.now()),
    );
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#ticket += 1;
  }

  async #load(): Promise<void> {
    const ticket = ++this.#ticket;
    this.#askedAt = performance.now();
    try {
      for (const instrument of this.#ids) {
        const answer = await this.#app.client.call('history.divergence', { instrument, from: this.#from });
        if (ticket !== this.#ticket) return;
        this.answers = new Map([...this.answers, [instrument, answer]]);
      }
      this.error = null;
    } catch (error) {
      if (ticket !== this.#ticket) return;
      this.error = error instanceof UserError ? error.message : String(error);
      if (error instanceof UserError && error.code === 'disconnected') this.#app.tell(error);
    }
  }
}
