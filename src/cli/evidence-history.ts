import { closedHour } from '#core/read/closed-hour.ts';
import { historyAsOf } from '#core/read/history-as-of.ts';
import { readStudy } from '#core/read/evidence/stored-study.ts';
import { thinnedNotes } from '#core/read/thinned-words.ts';
import { dataPaths, defaultDataDir } from '#node/data-dir.ts';
import { readWanted } from '#node/person/read-wanted.ts';
import { venueFormulas } from '#node/venues/index.ts';
import type { Instrument } from '#domain/instrument.ts';
import type { StudiedHistory } from '#domain/evidence/studied.ts';
import type { EvidenceRequest } from './evidence-args.ts';
import type { StudySource } from './evidence.ts';
import { closedTo, latestOf } from './metric-history.ts';
import { instrumentOf, promised, withStoredHistory } from './stored-history.ts';
import { near, UsageError } from './usage.ts';

/** Instruments of the local history, as of now or of a moment of the past; read beside a running app. */
export const sourceOfHistory = (request: EvidenceRequest): Promise<StudySource> =>
  withStoredHistory(request, async ({ history, now }) => {
    const { asOf, levels } = request;
    const then = historyAsOf(promised(history), asOf);
    const formulas = venueFormulas();
    const known = history.instruments(asOf);
    const chosen = idsOf(request).map((id) => instrumentOf(id, known, asOf));
    const framed = async (of: readonly Instrument[]) => {
      const all = await Promise.all(of.map(({ id, venue }) => then.framed(id, formulas[venue] ?? null)));
      return all.filter((one) => one !== null);
    };
    const latest = history.latest(asOf);
    const assets = new Set(chosen.map(({ asset }) => asset));
    const read = known.filter(({ asset }) => assets.has(asset));
    const closes = await Promise.all(read.map(({ id }) => closedHour(then, id, latestOf(latest, id), asOf ?? now)));
    const histories: StudiedHistory[] = [];
    const notes: string[] = [];
    for (const instrument of chosen) {
      const [subject] = await framed([instrument]);
      if (subject === undefined) continue;
      const found = await readStudy(then, {
        subject,
        legs: (on) => framed(on === 'asset' ? known.filter(({ asset }) => asset === instrument.asset) : chosen),
        conditions: levels[0]?.conditions ?? [],
        delistedAt: instrument.delistedAt ?? NaN,
        closedTo: (kind) => closedTo(kind, asOf ?? now, closes),
      });
      histories.push(found.history);
      notes.push(...thinnedNotes(found.thinned, 'hour').map((note) => `${instrument.id}: ${note}`));
    }
    return { histories, to: closedTo({ on: 'hour', barMs: 0 }, asOf ?? now, closes), notes };
  });

function idsOf({ list, venue, symbols, dataDir, demo }: EvidenceRequest): readonly string[] {
  if (list === null) return symbols.map((symbol) => `${venue ?? ''}:${symbol}`);
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
