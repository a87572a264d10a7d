import type { HistoryStore } from '#core/ports/history.ts';
import type { Log } from '#core/ports/log.ts';
import type { ArchiveState } from '../archive/archived-reads.ts';
import { HistoryError, messageOf } from '../history/errors.ts';
import { type Ask, readsOf, refusing } from '../history/open.ts';
import { createReaders } from '../history/readers.ts';
import type { TerminalHistory } from '../terminal-history.ts';
import { listenTo } from './listener.ts';
import { startStore } from './start-store.ts';
import { placeOf } from './target.ts';
import type { Target } from './wire.ts';

interface SharedTerminalOptions {
  readonly target: Target;
  /** Where its archived months lie; null: nowhere that was named. */
  readonly archive?: string | null;
  readonly log: Log;
  readonly now: () => number;
}

const clockOf = (at: number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** A desk's history as a terminal has it: read only, beside its own settings, lists and thresholds. Rejects with HistoryError where it cannot be read. */
export async function openSharedTerminal({ target, archive = null, log, now }: SharedTerminalOptions): Promise<TerminalHistory> {
  const reading = { ...target, readOnly: true };
  const place = placeOf(target);
  const readers = createReaders({ start: () => startStore({ role: 'read', target: reading, archive, now: now() }), log, now });
  const ask: Ask = (method, ...input) => readers.ask(method, input);
  // What cannot be read is said at the start, in one sentence.
  await ask('runs');
  const listener = listenTo({ ...reading, name: `${target.name} listening` }, log);
  let archived: ArchiveState = { upTo: null, place: null, trouble: null };
  const archiveWords = (): string =>
    archived.upTo !== null && archived.place !== null ? ` Months to ${archived.upTo} are read from the archive at ${archived.place}.` : '';
  const sentence = (): string =>
    `This window shows the history at ${place}, which its collectors record; your lists, thresholds and alerts are your own. Nothing is recorded here.${archiveWords()}`;
  /** What the database says of its archive while it is there. */
  async function lookAtArchive(): Promise<void> {
    try {
      archived = await ask('archive');
    } catch (error) {
      log.write('info', 'archive', messageOf(error));
    }
  }
  await lookAtArchive();
  const refuse = (): Promise<never> => Promise.reject(new HistoryError('unwritable', sentence()));
  const store: HistoryStore = {
    ...readsOf(ask),
    status: () => ask('status'),
    ...refusing(refuse),
    async tend() {
      if (listener.awaySince !== null)
        return {
          file: 0,
          notices: [
            `The database ${place} is not heard since ${clockOf(listener.awaySince)}: what is shown is of before, with its age. It is tried again every two seconds.`,
          ],
        };
      await lookAtArchive();
      return { file: 0, notices: archived.trouble === null ? [] : [archived.trouble] };
    },
    async close() {
      await listener.close();
      await readers.close();
    },
  };
  return {
    store,
    isReadable: true,
    beside: {
      sentence,
      records: () => false,
      version: () => Promise.resolve(listener.version),
      takeOver: () => Promise.resolve(false),
    },
  };
}
