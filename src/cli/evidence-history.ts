import type { StudiedHistory } from '#domain/evidence/studied.ts';
import { hindsightNote, wholeNote } from '#core/read/evidence/labels.ts';
import { studyHistories } from '#core/read/evidence/stored-study.ts';
import { dataPaths, defaultDataDir } from '#node/data-dir.ts';
import { readWanted } from '#node/person/read-wanted.ts';
import { venueFormulas } from '#node/venues/index.ts';
import type { Instrument } from '#domain/instrument.ts';
import { ALL_VENUES, type EvidenceRequest } from './evidence-args.ts';
import type { Walk } from './evidence.ts';
import type { Io } from './io.ts';
import { instrumentOf, withStoredHistory } from './stored-history.ts';
import { near, UsageError } from './usage.ts';

/** Instruments of the local history, as of now or of a moment of the past; read beside a running app. */
export const withHistory = <R>(request: EvidenceRequest, io: Io, use: (walk: Walk) => Promise<R>): Promise<R> =>
  withStoredHistory(request, async ({ history, now, missing }) => {
    const { asOf, levels, list } = request;
    const known = await history.instruments(asOf);
    const chosen = idsOf(request, known).map((id) => instrumentOf(id, known, asOf));
    const conditions = levels[0]?.conditions ?? [];
    const all = await studyHistories(history, { chosen, known, among: null, conditions, asOf, now, formulas: venueFormulas() });
    const isWhole = list === null && request.symbols.length === 0;
    const labels = list !== null ? [await hindsightNote(history, chosen, known)] : isWhole ? [wholeNote(chosen)] : [];
    return use(async <T>(lay: (history: StudiedHistory, to: number) => T) => {
      const laid: T[] = [];
      const notes: string[] = [];
      for await (const found of all.each()) {
        io.status?.(`${laid.length} of ${chosen.length} instruments read`);
        laid.push(lay(found.history, all.to));
        notes.push(...found.notes);
      }
      return { laid, notes: [...missing(), ...notes], labels };
    });
  });

function idsOf({ list, venue, symbols, dataDir, demo }: EvidenceRequest, known: readonly Instrument[]): readonly string[] {
  if (list === null && symbols.length > 0) return symbols.map((symbol) => `${venue ?? ''}:${symbol}`);
  if (list === null) {
    const all = known.filter((one) => venue === ALL_VENUES || one.venue === venue).map(({ id }) => id);
    if (all.length > 0) return all.sort();
    throw new UsageError(
      `The history has nothing of a venue "${venue ?? ''}"; it has ${[...new Set(known.map((one) => one.venue))].join(', ')}.`,
    );
  }
  const folder = dataDir ?? defaultDataDir(process.env);
  const { lists } = readWanted(dataPaths(folder, demo));
  const found = lists.find(({ name }) => name === list);
  if (found !== undefined && found.items.length > 0) return found.items;
  if (found !== undefined) throw new UsageError(`The list "${list}" is empty.`);
  const names = lists.map(({ name }) => name);
  const [meant] = near(list, names, 1);
  throw new UsageError(
    `The folder has no list "${list}"${meant === undefined ? `; there are ${names.join(', ')}` : `. Did you mean ${meant}?`}.`,
  );
}
