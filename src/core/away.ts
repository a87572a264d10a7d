import { SEVERITIES } from '#domain/telling.ts';
import { inWords } from './in-words.ts';
import type { Cancel, Clock } from './ports/clock.ts';
import type { Notification } from './ports/notifier.ts';

/** What entered while the app could not tell: found within this after the start or the sleep (real ms), it is told as one. */
const LOOKED_FOR_MS = 180_000;
/** Told when nothing more was found for so long (real ms). */
const SETTLED_MS = 10_000;
const MOST_NAMED = 3;

export interface Missed {
  readonly name: string;
  readonly text: Notification;
  readonly at: number;
}

/** The time in which the app was closed, or the machine slept. */
export interface Away {
  /** It is over now; it began at `from` (epoch ms). */
  over(from: number): void;
  /** What entered then belongs to it. */
  holds(at: number): boolean;
  add(missed: Missed): void;
  stop(): void;
}

export function createAway(clock: Clock, tell: (text: Notification, names: readonly string[]) => void): Away {
  let span = { from: Infinity, to: -Infinity };
  let lookedUntil = -Infinity;
  let missed: Missed[] = [];
  let timer: Cancel | null = null;

  return {
    over(from) {
      span = { from: clock.monotonic() <= lookedUntil ? Math.min(span.from, from) : from, to: clock.now() };
      lookedUntil = clock.monotonic() + LOOKED_FOR_MS * clock.speed;
    },
    holds: (at) => at > span.from && at <= span.to && clock.monotonic() <= lookedUntil,
    add(one) {
      missed.push(one);
      timer?.();
      timer = clock.after(SETTLED_MS * clock.speed, () => {
        const all = missed.toSorted((a, b) => b.at - a.at);
        missed = [];
        timer = null;
        tell(
          awayText(all, clock.now()),
          all.map(({ name }) => name),
        );
      });
    },
    stop() {
      timer?.();
    },
  };
}

export const awayText = (missed: readonly Pick<Missed, 'text' | 'at'>[], now: number): Notification =>
  summaryText('While you were away', missed, now);

/** One notification of all of them, the newest first; of one alone, its own words. */
export function summaryText(when: string, missed: readonly Pick<Missed, 'text' | 'at'>[], now: number): Notification {
  const [first] = missed;
  if (first === undefined) throw new RangeError('nothing was missed');
  const { title, body, instrument } = first.text;
  const severities = missed.map(({ text }) => text.severity ?? 'warning');
  const severity = SEVERITIES.findLast((one) => severities.includes(one)) ?? 'warning';
  const ago = `${inWords(Math.max(0, now - first.at))} ago`;
  if (missed.length === 1) return { title: `${when}: ${title}`, body: `${body}; ${ago}`, instrument, severity };
  const more = missed.length - MOST_NAMED;
  const titles = missed.slice(0, MOST_NAMED).map(({ text }) => text.title);
  return {
    title: `${when}: ${missed.length} alerts`,
    body: `${titles.join('; ')}${more > 0 ? `; and ${more} more` : ''}. The newest ${ago}.`,
    instrument,
    severity,
  };
}
