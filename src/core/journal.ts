import type { HistoryEvent, HistoryStore, Log } from './ports.ts';

/** Where work without a caller reports: events into the history, failures into the log and to the person. */
export interface Journal {
  /** Keeps a fact in the history; a failure to do so is told like any other. */
  event(event: HistoryEvent): void;
  /** Runs a write; when storage fails the person is told (once until it works again) and the error goes on to the caller. */
  write(what: string, write: () => Promise<unknown>): Promise<void>;
  /** The same where the work goes on without it. True when written. */
  guard(what: string, write: () => Promise<unknown>): Promise<boolean>;
  /** Tells and logs a failure of the history. */
  failed(what: string, error: unknown): void;
  /** One sentence for the person now, and among the notices of this run. */
  notice(text: string): void;
  readonly notices: readonly string[];
}

export interface JournalOptions {
  readonly store: HistoryStore;
  readonly log: Log;
  /** Shows a notice in the open windows. */
  readonly tell: (text: string) => void;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function createJournal({ store, log, tell: show }: JournalOptions): Journal {
  const notices: string[] = [];
  /** Writes that failed and have not succeeded since: what else succeeds meanwhile does not mean that these do. */
  const failing = new Set<string>();
  let unreadable = false;

  function notice(text: string): void {
    if (!notices.includes(text)) notices.push(text);
    show(text);
  }
  function tell(what: string, error: unknown): void {
    log.write('error', 'history', `could not ${what}`, { error: messageOf(error) });
    if (failing.size === 0 && !unreadable)
      notice(`The local history could not be written or read: ${messageOf(error)} Values on screen go on, but may not be kept.`);
  }
  function failed(what: string, error: unknown): void {
    tell(what, error);
    unreadable = true;
  }
  async function write(what: string, action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
      failing.delete(what);
      unreadable = false;
    } catch (error) {
      tell(what, error);
      failing.add(what);
      throw error;
    }
  }
  async function guard(what: string, action: () => Promise<unknown>): Promise<boolean> {
    return write(what, action).then(
      () => true,
      () => false,
    );
  }
  return {
    event(event) {
      log.write('info', event.venue, event.text, { kind: event.kind, instrument: event.instrument, at: event.at });
      void guard('record an event', () => store.recordEvent(event));
    },
    write,
    guard,
    failed,
    notice,
    notices,
  };
}
