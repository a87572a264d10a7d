import type { InstrumentId } from '#domain/instrument.ts';
import type { SignalParams } from '#domain/signal.ts';
import type { SignalLine } from './signal-line.ts';

/** What is drawn for the next chart, all instruments together. */
const MOST_BYTES = 64 * 2 ** 20;
/** Lines of instruments that are not followed, for the next question. */
const MOST_OTHERS = 16;

export interface SignalLinesOptions {
  readonly params: (id: InstrumentId) => SignalParams;
  /** Nothing of it was walked yet; `draws`: as in SignalLine. */
  readonly newLine: (id: InstrumentId, params: SignalParams, draws: boolean) => SignalLine;
  readonly mostBytes?: number;
}

/** One line of an instrument for all who walk its signal: the row of the screen and the chart. */
export interface SignalLines {
  /** With the thresholds of now; another line than before where they changed. */
  of(id: InstrumentId): SignalLine;
  /** The line that is there, with whatever thresholds. */
  known(id: InstrumentId): SignalLine | null;
  /** The stored history of the instrument changed from here on. */
  changed(id: InstrumentId, from: number): void;
  /** These are kept from now on, of others the last few. */
  follow(ids: ReadonlySet<InstrumentId>): void;
  /** The chart of the instrument was looked at: of all it is the last that makes room for others. */
  looked(id: InstrumentId): void;
}

export const isSame = (a: SignalParams, b: SignalParams): boolean => a.theta === b.theta && a.k === b.k && a.n === b.n;

export function createSignalLines({ params, newLine, mostBytes = MOST_BYTES }: SignalLinesOptions): SignalLines {
  /** The one that was asked for last is the last. */
  const lines = new Map<InstrumentId, SignalLine>();
  /** Of those that are drawn, the one that was looked at last is the last. */
  const looked = new Set<InstrumentId>();
  let followed: ReadonlySet<InstrumentId> = new Set();

  const bytes = (): number => [...lines.values()].reduce((sum, line) => sum + line.bytes, 0);
  function makeRoom(): void {
    const others = [...lines.keys()].filter((id) => !followed.has(id));
    for (const id of others.slice(0, Math.max(0, others.length - MOST_OTHERS))) lines.delete(id);
    let drawn = bytes();
    const unseen = [...lines].filter(([id, line]) => line.bytes > 0 && !looked.has(id)).map(([id]) => id);
    for (const id of [...unseen, ...[...looked].slice(0, -1)]) {
      if (drawn <= mostBytes) return;
      drawn -= lines.get(id)?.bytes ?? 0;
      lines.get(id)?.undraw();
      looked.delete(id);
    }
  }
  return {
    of(id) {
      const now = params(id);
      const known = lines.get(id);
      // The first walk of each draws too while there is room, so that a first chart need not be walked for.
      const line = known && isSame(known.params, now) ? known : newLine(id, now, looked.has(id) || bytes() < mostBytes / 2);
      lines.delete(id);
      lines.set(id, line);
      if (line !== known) makeRoom();
      return line;
    },
    known: (id) => lines.get(id) ?? null,
    changed(id, from) {
      lines.get(id)?.changed(from);
    },
    follow(ids) {
      followed = ids;
      makeRoom();
    },
    looked(id) {
      looked.delete(id);
      looked.add(id);
      makeRoom();
    },
  };
}
