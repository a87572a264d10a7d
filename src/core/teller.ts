import type { InstrumentId } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { awayText, createAway } from './away.ts';
import type { Events } from './events.ts';
import type { Reporter } from './reporter.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Notification } from './ports/notifier.ts';
import type { Owed, PersonStore } from './ports/person.ts';

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
  /** Writes it into the person's store, with the words that are owed for it; false: it is there already, or another entry of the same run is. */
  readonly keep: (owed: Owed | null) => Promise<boolean>;
}

/** What was kept longer ago and not told belongs to the past. */
const NEWS_MS = HOUR_MS;
/** More than enter in an hour, also where a whole list does. */
const MOST_LATER = 10_000;

/**
 * The one place that tells entries. What the person's store holds was told before, also by a run of the app before this one, but for
 * what it says is owed: a run that was killed between keeping and telling.
 */
export interface Teller {
  /**
   * Keeps and logs those that are new, then tells the news among them, each once however often it is found. `together`: the words
   * for what is told now, where many are told as one. True: something was new. What is given as a function is found by every process on
   * the folder: the one that tells makes and tells it; in the others it waits for an hour, should they become the one that tells.
   */
  tell(
    found: readonly Entry[] | (() => readonly Entry[]),
    together?: (news: readonly Notification[]) => readonly Notification[],
  ): Promise<boolean>;
  /** At the start: tells what a run before kept and could not tell, if that was not long ago. */
  resume(): Promise<void>;
  /** This process tells from now on: what the one before it owed, and what was found here since and was not told there. */
  takeOver(): Promise<void>;
  /** The person was away from `from` until now, as the app was closed or the machine slept: what entered then is told as one. */
  back(from: number): void;
  /** It entered in that time. */
  wasAway(at: number): boolean;
  /** This process tells what every process on the folder finds. */
  readonly tells: () => boolean;
  /** What entered has ended: found again by this name, it is another entry. */
  ended(kind: Entry['kind'], name: string): void;
  /** What waits to be told is told by the next run. */
  stop(): void;
}

export interface TellerOptions {
  readonly person: Pick<PersonStore, 'owed' | 'paid'>;
  readonly clock: Clock;
  readonly reporter: Pick<Reporter, 'guard'>;
  readonly log: Log;
  readonly events: Pick<Events, 'emit'>;
  /** This process tells; another does, and this one only what is no other's: a position of the person's. */
  readonly tells: () => boolean;
  /** What is told is posted too. */
  readonly webhook: { readonly isOn: () => boolean; readonly wake: () => void };
}

export function createTeller({ person, clock, reporter, log, events, webhook, tells }: TellerOptions): Teller {
  /** Being kept just now; and those that could not be kept, which are told all the same. */
  const taken = new Set<string>();
  const keyOf = (kind: Entry['kind'], name: string): string => `${kind} ${name}`;

  /** Only once the words have been handed on: where this fails or is cut off, they are told again. */
  async function pay(names: readonly string[], told: readonly Notification[]): Promise<void> {
    if (names.length === 0) return;
    const post = webhook.isOn() ? told : [];
    const isPaid = await reporter.guard('record what was told', () => person.paid(names, post));
    if (isPaid && post.length > 0) webhook.wake();
  }
  const away = createAway(clock, (text, names) => {
    events.emit('entered', text);
    void pay(names, [text]);
  });
  async function isNew({ kind, name, text, isNews, keep }: Entry): Promise<boolean> {
    const key = keyOf(kind, name);
    if (taken.has(key)) return false;
    taken.add(key);
    let added = true;
    const kept = await reporter.guard('record what entered', async () => {
      added = await keep(isNews ? { name: key, text } : null);
    });
    if (kept) taken.delete(key);
    return added;
  }

  /** What was found here while another process told. */
  let later: { readonly since: number; readonly tell: () => Promise<boolean> }[] = [];

  async function tell(
    found: readonly Entry[],
    together: (news: readonly Notification[]) => readonly Notification[] = (news) => news,
  ): Promise<boolean> {
    const areNew = await Promise.all(found.map(isNew));
    const fresh = found.filter((_, i) => areNew[i] === true);
    for (const { kind, text, at, isNews } of fresh)
      log.write('info', kind, `${text.title}, ${text.body}`, { instrument: text.instrument, at, told: isNews });
    const missed = fresh.filter(({ isNews, at }) => isNews && at !== null && away.holds(at));
    for (const { kind, name, text, at } of missed) away.add({ name: keyOf(kind, name), text, at: at ?? clock.now() });
    const news = fresh.filter((one) => one.isNews && !missed.includes(one));
    const told = together(news.map(({ text }) => text));
    for (const text of told) events.emit('entered', text);
    await pay(
      news.map(({ kind, name }) => keyOf(kind, name)),
      told,
    );
    return fresh.length > 0;
  }
  async function resume(): Promise<void> {
    await reporter.guard('read what is still to be told', async () => {
      const owed = (await person.owed()).filter(({ name }) => tells() || name.startsWith(keyOf('position', '')));
      const recent = owed.filter(({ since }) => clock.now() - since <= NEWS_MS);
      for (const one of owed) {
        const { text, name } = one;
        log.write('info', 'teller', `${text.title}, ${text.body}`, { instrument: text.instrument, name, told: recent.includes(one) });
      }
      const texts =
        recent.length > 1
          ? [awayText(recent.map(({ text, since }) => ({ text, at: since })).reverse(), clock.now())]
          : recent.map(({ text }) => text);
      for (const text of texts) events.emit('entered', text);
      await pay(
        owed.map(({ name }) => name),
        texts,
      );
    });
  }

  return {
    async tell(found, together) {
      if (typeof found !== 'function') return tell(found, together);
      if (tells()) return tell(found(), together);
      later = later.filter(({ since }) => clock.now() - since <= NEWS_MS).slice(-MOST_LATER);
      later.push({ since: clock.now(), tell: () => tell(found(), together) });
      return false;
    },
    tells,
    resume,
    async takeOver() {
      await resume();
      const found = later;
      later = [];
      for (const one of found) await one.tell();
    },
    back: (from) => away.over(from),
    wasAway: (at) => away.holds(at),
    stop: () => away.stop(),
    ended: (kind, name) => void taken.delete(keyOf(kind, name)),
  };
}

/** The name of what entered on an instrument at a close. */
export const entryName = (of: string, instrument: InstrumentId, at: number): string => `${of} ${instrument} ${at}`;
