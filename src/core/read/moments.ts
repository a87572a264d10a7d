import { UserError } from '#bridge/errors.ts';
import { fromHistory } from '../from-history.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { AsOf } from '../ports/history.ts';
import type { Answers } from './answers.ts';

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
  readonly readAsOf: (asOf: number) => Promise<Answers>;
}

/** Answers of now, and of moments of the past. */
export interface Moments {
  /** Null: now. UserError where the moment has not come yet. */
  at(asOf: AsOf): Promise<Answers>;
  stop(): void;
}

export function createMoments({ clock, now, live, readAsOf }: MomentsOptions): Moments {
  /** The one that was asked about last is the last. */
  const kept = new Map<number, { readonly answers: Promise<Answers>; readonly forget: Cancel }>();

  function drop(asOf: number): void {
    kept.get(asOf)?.forget();
    kept.delete(asOf);
  }
  return {
    async at(asOf) {
      if (asOf === null) return live;
      if (asOf > now())
        throw new UserError('bad-input', `${new Date(asOf).toISOString()} has not come yet: ask about a time that is past.`);
      const answers = kept.get(asOf)?.answers ?? fromHistory(readAsOf(asOf));
      drop(asOf);
      if (now() - asOf < SETTLED_AFTER_MS * clock.speed) return answers;
      kept.set(asOf, { answers, forget: clock.after(KEPT_MS * clock.speed, () => drop(asOf)) });
      answers.catch(() => drop(asOf));
      for (const [oldest] of kept) if (kept.size > MOST) drop(oldest);
      return answers;
    },
    stop() {
      for (const asOf of [...kept.keys()]) drop(asOf);
    },
  };
}
