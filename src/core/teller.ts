import type { InstrumentId } from '#domain/instrument.ts';
import type { Events } from './events.ts';
import type { Reporter } from './reporter.ts';
import type { Log } from './ports/log.ts';
import type { Notification } from './ports/notifier.ts';

/** What was found to have entered, of whatever kind. */
export interface Entry {
  readonly kind: 'signal' | 'alert' | 'position';
  /** Of its kind: found again by the same name, it is the same entry. */
  readonly name: string;
  readonly text: Notification;
  /** False: it is kept, but belongs to the past. */
  readonly isNews: boolean;
  /** The close at which it entered; null: it entered between closes. */
  readonly at: number | null;
  /** Writes it into the person's store; false: it is there already, or another entry of the same run is. */
  readonly keep: () => Promise<boolean>;
}

/** The one place that tells entries. What the person's store holds was told before, also by a run of the app before this one. */
export interface Teller {
  /**
   * Keeps and logs those that are new, then tells the news among them, each once however often it is found. `together`: the words
   * for what is told now, where many are told as one. True: something was new.
   */
  tell(found: readonly Entry[], together?: (news: readonly Notification[]) => readonly Notification[]): Promise<boolean>;
  /** What entered has ended: found again by this name, it is another entry. */
  ended(kind: Entry['kind'], name: string): void;
}

export interface TellerOptions {
  readonly reporter: Pick<Reporter, 'guard'>;
  readonly log: Log;
  readonly events: Pick<Events, 'emit'>;
}

export function createTeller({ reporter, log, events }: TellerOptions): Teller {
  /** Being kept just now; and those that could not be kept, which are told all the same. */
  const taken = new Set<string>();
  const keyOf = (kind: Entry['kind'], name: string): string => `${kind} ${name}`;

  async function isNew({ kind, name, keep }: Entry): Promise<boolean> {
    const key = keyOf(kind, name);
    if (taken.has(key)) return false;
    taken.add(key);
    let added = true;
    const kept = await reporter.guard('record what entered', async () => {
      added = await keep();
    });
    if (kept) taken.delete(key);
    return added;
  }

  return {
    async tell(found, together = (news) => news) {
      const areNew = await Promise.all(found.map(isNew));
      const fresh = found.filter((_, i) => areNew[i] === true);
      for (const { kind, text, at, isNews } of fresh)
        log.write('info', kind, `${text.title}, ${text.body}`, { instrument: text.instrument, at, told: isNews });
      const news = fresh.filter(({ isNews }) => isNews).map(({ text }) => text);
      for (const text of together(news)) events.emit('entered', text);
      return fresh.length > 0;
    },
    ended: (kind, name) => void taken.delete(keyOf(kind, name)),
  };
}

/** The name of what entered on an instrument at a close. */
export const entryName = (of: string, instrument: InstrumentId, at: number): string => `${of} ${instrument} ${at}`;
