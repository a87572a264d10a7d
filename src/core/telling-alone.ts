import type { InstrumentId } from '#domain/instrument.ts';
import type { Collect } from './collect/collect.ts';
import type { Events } from './events.ts';
import { joinSettings } from './joined-settings.ts';
import type { Ports } from './ports.ts';
import type { PersonStore } from './ports/person.ts';
import type { KeptStore } from './ports/preferences.ts';
import { createReading, type ReadingOptions } from './read/reading.ts';
import type { PersonFacts, Settings } from './settings.ts';
import { createTelling, type TellingOptions } from './telling.ts';
import { watchedIds } from './watchlists.ts';

export interface TellingAloneOptions {
  readonly ports: Pick<
    Ports,
    'clock' | 'http' | 'store' | 'settings' | 'log' | 'webhookSecret' | 'tellingRole' | 'newCanceller' | 'nextTurn'
  > & {
    readonly person: KeptStore<PersonFacts> &
      Pick<PersonStore, 'othersWrote'> &
      ReadingOptions['ports']['person'] &
      TellingOptions['person'];
  };
  readonly events: Events;
  readonly collect: Collect;
}

/** A process without a screen that judges the person's rules and the threshold as a terminal does, and tells what enters. */
export interface TellingAlone {
  readonly settings: () => Settings;
  /** What is judged: of the lists, and of rules on one instrument. It is to be watched. */
  readonly instruments: () => ReadonlySet<InstrumentId>;
  /** The person's file was written: what is judged may be another now. */
  readonly changed: () => void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createTellingAlone({ ports, events, collect }: TellingAloneOptions): TellingAlone {
  const { clock, http, person, log } = ports;
  const { reporter } = collect;
  const settings = joinSettings(ports.settings, person);
  const telling = createTelling({
    clock,
    http,
    person,
    reporter,
    log,
    events,
    secret: ports.webhookSecret,
    settings: () => settings.current,
    newCanceller: () => ports.newCanceller(),
    role: ports.tellingRole,
  });
  const reading = createReading({
    ports: { ...ports, settings },
    events,
    reporter,
    observed: collect,
    utc: collect.utc,
    teller: telling.teller,
    columns: () => [],
  });
  let followed: ReadonlySet<InstrumentId> | null = null;
  let rereading: Promise<void> | null = null;

  const instruments = (): ReadonlySet<InstrumentId> => new Set([...watchedIds(settings.current), ...reading.alertRules.instruments()]);
  function follow(): void {
    const [before, ids] = [followed, instruments()];
    const fresh = [...ids].filter((id) => before?.has(id) !== true);
    if (before !== null && fresh.length === 0 && before.size === ids.size) return;
    followed = ids;
    events.emit('followed', { ids, scanned: new Set(), fresh, atStart: before === null });
  }

  return {
    settings: () => settings.current,
    instruments,
    changed() {
      if (followed === null) return;
      follow();
      // What the person has acknowledged is not told again.
      rereading ??= reading.alerts
        .load()
        .catch((error: unknown) => reporter.failed('read what alerts have told', error))
        .finally(() => {
          rereading = null;
        });
    },
    async start() {
      await telling.start(() => reading.alerts.load());
      follow();
      reading.alertRules.arrange();
    },
    async stop() {
      await telling.stop();
      await rereading;
      await reading.stop();
    },
  };
}
