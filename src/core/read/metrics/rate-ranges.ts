import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import type { RateRanges } from '../../ports/history-facts.ts';

/** Of running rates per hour; NaN: none was seen. */
export interface RateRange {
  readonly least: number;
  readonly greatest: number;
}

type Read = (ids: readonly InstrumentId[], from: number, to: number) => Promise<RateRanges>;

/** The least and the greatest running rate of the last closed hours, each read once an hour. */
export class KeptRanges {
  readonly #ask: Read;
  /** Of which stretch they are. */
  #of = '';
  #known = new Map<InstrumentId, RateRange>();
  /** Questions wait for each other: what one has read the next one need not. */
  #reading: Promise<unknown> = Promise.resolve();

  constructor(ask: Read) {
    this.#ask = ask;
  }

  /** Of the `hours` hours before `now`. */
  read(ids: Iterable<InstrumentId>, hours: number, now: number): Promise<ReadonlyMap<InstrumentId, RateRange>> {
    const next = this.#reading.then(() => this.#read([...ids], hours, Math.floor(now / HOUR_MS) * HOUR_MS));
    this.#reading = next.catch(() => undefined);
    return next;
  }

  async #read(ids: readonly InstrumentId[], hours: number, to: number): Promise<ReadonlyMap<InstrumentId, RateRange>> {
    const of = `${hours} ${to}`;
    if (this.#of !== of) {
      this.#of = of;
      this.#known = new Map();
    }
    const known = this.#known;
    const missing = ids.filter((id) => !known.has(id));
    if (missing.length === 0) return known;
    const { least, greatest } = await this.#ask(missing, to - hours * HOUR_MS, to);
    for (const [i, id] of missing.entries()) known.set(id, { least: least[i] ?? NaN, greatest: greatest[i] ?? NaN });
    return known;
  }
}
