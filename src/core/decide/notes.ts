import { UserError } from '#bridge/errors.ts';
import { note as schema, type AfterHorizon, type Note, type NoteSave } from '#bridge/note.ts';
import { after, AFTER_HOURS } from '#domain/after.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { fromHistory } from '../from-history.ts';
import type { Clock } from '../ports/clock.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Log } from '../ports/log.ts';
import type { PersonStore } from '../ports/person.ts';
import type { Reporter } from '../reporter.ts';

const MOST = 20_000;
/** Of the person's facts. */
const NOTE = 'note';
/** Longest of the horizons, ms. */
const LONGEST_MS = (AFTER_HOURS.at(-1) ?? 0) * HOUR_MS;

export interface NotesOptions {
  readonly clock: Clock;
  readonly person: Pick<PersonStore, 'facts' | 'recordFacts'>;
  readonly store: Pick<HistoryStore, 'prices' | 'hours' | 'settled' | 'spans'>;
  readonly reporter: Pick<Reporter, 'notice'>;
  readonly log: Log;
  readonly now: () => number;
  /** Throws UserError 'not-found' for an unknown one. */
  readonly instrument: (id: InstrumentId) => Instrument;
  /** The notes were read, or changed and are on disk. */
  readonly onChange: (all: readonly Note[]) => void;
}

/** The person's journal. What is answered is on disk, with every version of before; changes happen one after the other. */
export interface Notes {
  /** Newest moment first. */
  list(): Promise<Note[]>;
  save(input: NoteSave): Promise<Note>;
  remove(id: string): Promise<null>;
  /** What came after the note's moment by the store of now; none for a note of no single instrument. */
  after(id: string): Promise<AfterHorizon[]>;
  /** The person's file turned out to hold others. */
  reload(): Promise<void>;
}

export function createNotes({ clock, person, store, reporter, log, now, instrument, onChange }: NotesOptions): Notes {
  let known: Map<string, Note> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function read(): Promise<Map<string, Note>> {
    const facts = await fromHistory(person.facts(NOTE));
    return new Map(
      facts.flatMap(({ id, body }) => {
        try {
          return [[id, schema.parse({ ...(JSON.parse(body ?? '') as object), id })] as const];
        } catch (error) {
          reporter.notice(`A note of the journal (${id}) could not be read and is left out. It stays in its file.`);
          log.write('warn', 'notes', `${id} could not be read`, { error: String(error) });
          return [];
        }
      }),
    );
  }
  const loaded = async (): Promise<Map<string, Note>> => (known ??= await read());
  const sorted = (notes: ReadonlyMap<string, Note>): Note[] =>
    [...notes.values()].sort((a, b) => b.at - a.at || b.writtenAt - a.writtenAt || (a.id < b.id ? -1 : 1));

  function inTurn<T>(work: (notes: Map<string, Note>) => Promise<T>): Promise<T> {
    const mine = last.then(loaded).then(async (notes) => {
      const done = await work(notes);
      onChange(sorted(notes));
      return done;
    });
    last = mine.catch(() => undefined);
    return mine;
  }
  async function keep(id: string, body: string | null): Promise<void> {
    try {
      await person.recordFacts([{ kind: NOTE, id, body }]);
    } catch (error) {
      throw new UserError('storage', `The note could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const find = (notes: ReadonlyMap<string, Note>, id: string): Note => {
    const found = notes.get(id);
    if (!found) throw new UserError('not-found', 'That note does not exist any more.');
    return found;
  };

  return {
    list: async () => sorted(await loaded()),
    save: ({ id, ...given }) =>
      inTurn(async (notes) => {
        if (given.instrument !== null) instrument(given.instrument);
        const before = id === null ? null : find(notes, id);
        if (before === null && notes.size >= MOST) throw new UserError('bad-input', `At most ${MOST} notes are kept. Delete some first.`);
        const changedAt = Math.round(clock.now());
        const stem = changedAt.toString(36);
        let fresh = stem;
        for (let i = 2; notes.has(fresh); i++) fresh = `${stem}-${i}`;
        const next: Note = {
          ...given,
          tags: [...new Set(given.tags)],
          id: id ?? fresh,
          writtenAt: before?.writtenAt ?? changedAt,
          changedAt,
        };
        const { id: name, ...body } = next;
        await keep(name, JSON.stringify(body));
        notes.set(name, next);
        return next;
      }),
    remove: (id) =>
      inTurn(async (notes) => {
        find(notes, id);
        await keep(id, null);
        notes.delete(id);
        return null;
      }),
    async after(id) {
      const { instrument: of, at } = find(await loaded(), id);
      if (of === null) return [];
      const range = [of, at - HOUR_MS, at + LONGEST_MS] as const;
      const [prices, hours, settled, proven] = await fromHistory(
        Promise.all([
          store.prices(...range, null, ['close', 'mark']),
          store.hours(...range, null, ['close', 'mark']),
          store.settled(...range, null, ['key', 'rate']),
          store.spans(of, 'settled', null),
        ]),
      );
      return after({ at, now: now(), marks: joined(prices, hours), settled, proven });
    },
    async reload() {
      known = null;
      onChange(sorted(await loaded()));
    },
  };
}

interface Marks {
  readonly close: Float64Array;
  readonly mark: Float64Array;
}

/** Marks of the venue's candles, with those that were observed where it has none. */
function joined(prices: Marks, hours: Marks): Marks {
  const byClose = new Map<number, number>();
  for (const { close, mark } of [hours, prices])
    for (let i = 0; i < close.length; i++) if (!Number.isNaN(mark[i] ?? NaN)) byClose.set(close[i] ?? NaN, mark[i] ?? NaN);
  const closes = Float64Array.from(byClose.keys()).sort();
  return { close: closes, mark: closes.map((close) => byClose.get(close) ?? NaN) };
}
