import type { FrameInstrument, FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import type { StudiedCondition, StudiedHistory } from '#domain/evidence/studied.ts';
import type { Span } from '#domain/time.ts';
import { type FrameReads, readRows, rowKind, type RowKind } from '../metrics/metric-frames.ts';
import { ofSubject } from '../metrics/metric-walk.ts';

/** What a study reads of one instrument, and stretches of which retention deleted what it rests on. */
export interface StoredStudy {
  readonly history: StudiedHistory;
  readonly thinned: readonly Span[];
}

export interface StudyReads {
  readonly subject: FrameInstrument;
  /** Instruments that a metric over several compares, the subject among them. */
  readonly legs: (on: 'asset' | 'basket') => Promise<readonly FrameInstrument[]>;
  readonly conditions: readonly Pick<StudiedCondition, 'metric' | 'params'>[];
  /** NaN: still listed. */
  readonly delistedAt: number;
  /** Up to which rows of a kind are closed. */
  readonly closedTo: (kind: RowKind) => number;
}

/** One instrument's settlements, prices and the rows of each condition, over everything that is stored. Rows of a kind are read once. */
export async function readStudy(reads: FrameReads, { subject, legs, conditions, delistedAt, closedTo }: StudyReads): Promise<StoredStudy> {
  const thinned: Span[] = [];
  const frames = new Map<string, Promise<Frames[FrameKind]>>();
  const read = async (kind: RowKind): Promise<Frames[FrameKind]> => {
    const { on } = kind;
    const to = closedTo(kind);
    const rows = await readRows(reads, { ...kind, legs: on === 'asset' || on === 'basket' ? await legs(on) : [subject], from: null, to });
    thinned.push(...rows.thinned);
    return ofSubject(rows.block(-Infinity, to).frame, subject.id);
  };
  const frameOf = (kind: RowKind): Promise<Frames[FrameKind]> => {
    const key = `${kind.on}:${kind.barMs}`;
    const found = frames.get(key) ?? read(kind);
    frames.set(key, found);
    return found;
  };
  const kindOf = (on: FrameKind): RowKind => rowKind({ on }, {});
  const hour = await frameOf(kindOf('hour'));
  const settlement = await frameOf(kindOf('settlement'));
  if (!('f' in hour) || !('rate' in settlement)) throw new RangeError('rows of an instrument are of another kind than was asked for');
  const rows = [];
  for (const { metric, params } of conditions) {
    const kind = rowKind(metric, params);
    rows.push({ frame: await frameOf(kind), barMs: kind.barMs });
  }
  return { history: { hour, settlement, delistedAt, rows }, thinned };
}
