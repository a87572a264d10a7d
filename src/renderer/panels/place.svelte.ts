import { createContext } from 'svelte';
import type { WatchRow } from '#bridge/contract.ts';
import type { Link, PanelParams } from '#bridge/layout.ts';
import type { PanelHost } from './host.svelte.ts';

/** Where a panel stands, and which instrument it is about: that of its link colour, else the selected one. */
export class Place {
  /** Null: in a window of its own. */
  readonly id: string | null;
  readonly #host: PanelHost;
  readonly params = $derived.by((): PanelParams => (this.id === null ? {} : (this.#host.dock.params[this.id] ?? {})));
  readonly link = $derived.by((): Link | null => this.params.link ?? null);
  readonly instrument = $derived.by((): string | null => this.#host.instrumentOf(this.link));
  /** Not behind another tab: there nothing is drawn, nor asked for again and again. */
  readonly isInSight = $derived.by((): boolean => this.id === null || this.#host.dock.inFront.has(this.id));
  readonly row = $derived.by((): WatchRow | null => (this.instrument === null ? null : (this.#host.app.rows.get(this.instrument) ?? null)));

  constructor(host: PanelHost, id: string | null) {
    this.#host = host;
    this.id = id;
  }

  /** Panels of its colour show the instrument from now on; without a colour it is the selected one. */
  select(instrument: string): void {
    this.#host.showLinked(this.link, instrument);
  }

  change(params: PanelParams): void {
    if (this.id !== null) this.#host.dock.setParams(this.id, { ...this.params, ...params });
  }
}

export const [getPlace, setPlace] = createContext<Place>();
