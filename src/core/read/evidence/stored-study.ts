import type { FrameInstrument, FrameKind, Frames } from '#domain/metrics/frames/frames.ts';
import type { StudiedCondition, StudiedHistory } from '#domain/evidence/studied.ts';
import type { Instrument, InstrumentId, VenueId } from '#domain/instrument.ts';
import type { VenueFormula } from '#domain/metrics/venue-terms.ts';
import type { AsOf, HistoryStore } from '../../ports/history.ts';
import type { Latest } from '../../ports/history-facts.ts';
import { closedHour, type KnownThen } from '../closed-hour.ts';
import { historyAsOf } from '../history-as-of.ts';
import { type FrameReads, readRows, rowKind, type RowKind, type StoredRows } from '../metrics/metric-frames.ts';
import { ofSubject } from '../metrics/metric-walk.ts';
import { thinnedNotes } from '../thinned-words.ts';
import { closedTo } from './closed-to.ts';
import { peersOf } from '#domain/joined-assets.ts';

export type StudyHistoryReads = FrameReads & Pick<HistoryStore, 'instruments' | 'latest' | 'learntBy'>;

export interface StudyHistoriesQuery {
  readonly chosen: readonly Instrument[];
  /** Everything that is known: a metric over an asset compares all of it. */
  readonly known: readonly Instrument[];
  /** What a metric over a basket compares each within; null: the chosen ones. */
  readonly among: readonly InstrumentId[] | null;
  readonly conditions: readonly Pick<StudiedCondition, 'metric' | 'params'>[];
  readonly asOf: AsOf;
  readonly now: number;
  readonly formulas: Readonly<Record<VenueId, VenueFormula>>;
}

/** One instrument of a study, and sentences about what retention deleted of what it rests on. */
export interface StudyHistory {
  readonly history: StudiedHistory;
  readonly notes: readonly string[];
}

export interface StudyHistories {
  /** Up to which all is closed. */
  readonly to: number;
  /** One after another: no more than one needs to be held. */
  each(): AsyncGenerator<StudyHistory>;
}

/** The instruments of a study over everything that is stored, as of now or of a moment of the past. */
export async function studyHistories(reads: StudyHistoryReads, query: StudyHistoriesQuery): Promise<StudyHistories> {
  const { chosen, known, among, conditions, asOf, formulas } = query;
  const now = asOf ?? query.now;
  const then = historyAsOf(reads, asOf);
  const latest = new Map((await reads.latest(asOf)).map((one) => [one.instrument.id, one]));
  const framed = async (of: readonly Instrument[]): Promise<FrameInstrument[]> => {
    const all = await Promise.all(of.map(({ id, venue }) => then.framed(id, formulas[venue] ?? null)));
    return all.filter((one) => one !== null);
  };
  const needs = (on: FrameKind): boolean => conditions.some(({ metric }) => metric.on === on);
  const assets = new Set(chosen.map(({ asset }) => asset));
  const inBasket = new Set(among ?? []);
  const read = known.filter(({ id, asset }) => (needs('asset') && assets.has(asset)) || inBasket.has(id));
  const closes: number[] = [];
  for (const id of new Set([...chosen, ...read].map((one) => one.id)))
    closes.push(await closedHour(then, id, knownOf(latest.get(id)), now));
  const basket = among === null ? chosen : known.filter(({ id }) => inBasket.has(id));
  /** Legs are the same for one instrument after another, and read anew only where they are others. */
  const last = new Map<FrameKind, { readonly of: string; readonly rows: Promise<StoredRows> }>();
  async function groupRows(kind: RowKind, instrument: Instrument, to: number): Promise<StoredRows> {
    const members = kind.on === 'basket' ? basket : peersOf(instrument, known);
    const of = members.map(({ id }) => id).join();
    const before = last.get(kind.on);
    if (before?.of === of) return before.rows;
    const legs = framed(members);
    const rows = legs.then((all) => readRows(then, { ...kind, legs: all, from: null, to }));
    last.set(kind.on, { of, rows });
    return rows;
  }

  return {
    to: closedTo({ on: 'hour', barMs: 0 }, now, closes),
    async *each() {
      for (const instrument of chosen) {
        const [subject] = await framed([instrument]);
        if (subject === undefined) continue;
        const found = await readStudy(then, {
          subject,
          conditions,
          delistedAt: instrument.delistedAt ?? NaN,
          closedTo: (kind) => closedTo(kind, now, closes),
          groupRows: (kind, to) => groupRows(kind, instrument, to),
        });
        yield chosen.length === 1 ? found : { ...found, notes: found.notes.map((note) => `${instrument.id}: ${note}`) };
      }
    },
  };
}

const knownOf = (latest: Latest | undefined): KnownThen | null =>
  latest === undefined ? null : { snapshot: latest.snapshot, intervalH: latest.snapshot.intervalH };

interface OneStudy {
  readonly subject: FrameInstrument;
  readonly conditions: readonly Pick<StudiedCondition, 'metric' | 'params'>[];
  /** NaN: still listed. */
  readonly delistedAt: number;
  /** Up to which rows of a kind are closed. */
  readonly closedTo: (kind: RowKind) => number;
  /** Rows of several instruments that a metric compares, the subject among them. */
  readonly groupRows: (kind: RowKind, to: number) => Promise<StoredRows>;
}

/** One instrument's settlements, prices and the rows of each condition. Rows of a kind are read once. */
async function readStudy(
  reads: FrameReads,
  { subject, conditions, delistedAt, closedTo: closed, groupRows }: OneStudy,
): Promise<StudyHistory> {
  const notes: string[] = [];
  const frames = new Map<string, Promise<Frames[FrameKind]>>();
  const read = async (kind: RowKind): Promise<Frames[FrameKind]> => {
    const to = closed(kind);
    const isGroup = kind.on === 'asset' || kind.on === 'basket';
    const rows = isGroup ? await groupRows(kind, to) : await readRows(reads, { ...kind, legs: [subject], from: null, to });
    notes.push(...thinnedNotes(rows.thinned, kind.on));
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
  return { history: { hour, settlement, delistedAt, rows }, notes: [...new Set(notes)] };
}
