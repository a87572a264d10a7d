import type { HistoryEvent } from './ports/history-facts.ts';
import type { HistoryStore } from './ports/history.ts';
import type { Log } from './ports/log.ts';

/** Where work without a caller reports: events into the history, failures into the log and to the person. */
export interface Reporter {
  /** Keeps a fact in the history; a failure to do so is told like any other. */
  event(event: HistoryEvent): void;
  /** Runs a write; when storage fails the person is told (once until it works again) and the error goes on to the caller. */
  write(what: string, write: () => Promise<unknown>): Promise<void>;
  /** The same where the work goes on without it. True when written. */
  guard(what: string, write: () => Promise<unknown>): Promise<boolean>;
  /** What `guard` could not write, however well later writes went: it is in no file. */
  lost(): readonly string[];
  /** Tells and logs a failure of the history; `againMs`: what failed is tried again after so long (real ms). */
  failed(what: string, error: unknown, againMs?: number): void;
  /** Something that happened: one sentence for the person, among the notices of this run. */
  notice(text: string): void;
  /** Something that is so: the sentence stands until its cause is over (null). */
  state(cause: string, text: string | null): void;
  /** What is so, then what happened. */
  notices(): string[];
}

export interface ReporterOptions {
  readonly store: Pick<HistoryStore, 'recordEvent'>;
  readonly log: Log;
  /** The notices are others now. */
  readonly onChange: () => void;
}

/** The history fails; one cause, whichever call met it. */
const STORAGE = 'the history fails';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function createReporter({ store, log, onChange }: ReporterOptions): Reporter {
  const news = new Set<string>();
  const states = new Map<string, string>();
  /** Writes that failed and have not succeeded since: what else succeeds meanwhile does not mean that these do. */
  const failing = new Set<string>();
  const lost = new Set<string>();
  let unreadable = false;

  function state(cause: string, text: string | null): void {
    if ((states.get(cause) ?? null) === text) return;
    if (text === null) states.delete(cause);
    else states.set(cause, text);
    onChange();
  }
  function tell(what: string, error: unknown, againMs?: number): void {
    const again = againMs === undefined ? '' : ` What could not be read is tried again, at first in ${Math.round(againMs / 1000)} s.`;
    log.write('error', 'history', `could not ${what}`, { error: messageOf(error), ...(againMs !== undefined && { againMs }) });
    if (failing.size === 0 && !unreadable)
      state(
        STORAGE,
        `The local history could not be written or read: ${messageOf(error)}${again} Values on screen go on, but may not be kept.`,
      );
  }
  function failed(what: string, error: unknown, againMs?: number): void {
    tell(what, error, againMs);
    unreadable = true;
  }
  async function write(what: string, action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
      failing.delete(what);
      unreadable = false;
      if (failing.size === 0) state(STORAGE, null);
    } catch (error) {
      tell(what, error);
      failing.add(what);
      throw error;
    }
  }
  async function guard(what: string, action: () => Promise<unknown>): Promise<boolean> {
    return write(what, action).then(
      () => true,
      () => {
        lost.add(what);
        return false;
      },
    );
  }
  return {
    event(event) {
      log.write('info', event.venue, event.text, { kind: event.kind, instrument: event.instrument, at: event.at });
      void guard('record an event', () => store.recordEvent(event));
    },
    write,
    guard,
    lost: () => [...lost],
    failed,
    notice(text) {
      if (news.has(text)) return;
      news.add(text);
      onChange();
    },
    state,
    notices: () => [...states.values(), ...news],
  };
}
