import { UserError } from '#bridge/errors.ts';
import { fromHistory } from '../from-history.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Moment } from '#bridge/as-of.ts';
import type { Answers } from './answers.ts';
import { type Then, thenOf } from './then.ts';

/** Past moments that are kept for the next question about them, and for how long after the last one (real ms). */
const MOST = 2;
const KEPT_MS = 120_000;
/** What is learnt in the same moment may still be on its way into the file (real ms). */
const SETTLED_AFTER_MS = 10_000;

export interface MomentsOptions {
  readonly clock: Clock;
  /** As the facts of the history are stamped. */
  readonly now: () => number;
  readonly live: Answers;
  readonly readAsOf: (then: Then) => Promise<Answers>;
}

/** Answers of now, and of moments of the past. */
export interface Moments {
  /** Null: now. UserError where the moment has not come yet. */
  at(moment: Moment | null): Promise<Answers>;
  /** UserError where it has not come yet. */
  readonly check: (at: number) => void;
  stop(): void;
}

export function createMoments({ clock, now, live, readAsOf }: MomentsOptions): Moments {
  /** The one that was asked about last is the last. */
  const kept = new Map<string, { readonly answers: Promise<Answers>; readonly forget: Cancel }>();

  function drop(name: string): void {
    kept.get(name)?.forget();
    kept.delete(name);
  }
  function check(at: number): void {
    if (at > now()) throw new UserError('bad-input', `${new Date(at).toISOString()} has not come yet: ask about a time that is past.`);
  }
  return {
    check,
    async at(moment) {
      if (moment === null) return live;
      const then = thenOf(moment);
      check(then.at);
      const name = JSON.stringify(then);
      const answers = kept.get(name)?.answers ?? fromHistory(readAsOf(then));
      drop(name);
      if (now() - then.at < SETTLED_AFTER_MS * clock.speed) return answers;
      kept.set(name, { answers, forget: clock.after(KEPT_MS * clock.speed, () => drop(name)) });
      answers.catch(() => drop(name));
      for (const oldest of kept.keys()) if (kept.size > MOST) drop(oldest);
      return answers;
    },
    stop() {
      for (const name of [...kept.keys()]) drop(name);
    },
  };
}
