import type { HistoryStore } from '#core/ports/history.ts';
import type { Log } from '#core/ports/log.ts';
import { HistoryError } from '../history/errors.ts';
import { type Ask, readsOf, refusing } from '../history/open.ts';
import { createReaders } from '../history/readers.ts';
import type { TerminalHistory } from '../terminal-history.ts';
import { listenTo } from './listener.ts';
import { startStore } from './start-store.ts';
import { placeOf } from './target.ts';
import type { Target } from './wire.ts';

interface SharedTerminalOptions {
  readonly target: Target;
  readonly log: Log;
  readonly now: () => number;
}

const clockOf = (at: number): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** A desk's history as a terminal has it: read only, beside its own settings, lists and thresholds. Rejects with HistoryError where it cannot be read. */
export async function openSharedTerminal({ target, log, now }: SharedTerminalOptions): Promise<TerminalHistory> {
  const reading = { ...target, readOnly: true };
  const place = placeOf(target);
  const readers = createReaders({ start: () => startStore({ role: 'read', target: reading, now: now() }), log, now });
  const ask: Ask = (method, ...input) => readers.ask(method, input);
  // What cannot be read is said at the start, in one sentence.
  await ask('runs');
  const listener = listenTo({ ...reading, name: `${target.name} listening` }, log);
  const sentence = (): string =>
    `This window shows the history at ${place}, which its collectors record; your lists, thresholds and alerts are your own. Nothing is recorded here.`;
  const refuse = (): Promise<never> => Promise.reject(new HistoryError('unwritable', sentence()));
  const store: HistoryStore = {
    ...readsOf(ask),
    status: () => ask('status'),
    ...refusing(refuse),
    tend: () =>
      Promise.resolve({
        file: 0,
        notices:
          listener.awaySince === null
            ? []
            : [
                `The database ${place} is not heard since ${clockOf(listener.awaySince)}: what is shown is of before, with its age. It is tried again every two seconds.`,
              ],
      }),
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
