import type { Scenarios } from './decide/scenarios.ts';
import type { Events } from './events.ts';
import type { Journal } from './journal.ts';
import type { PersonStore, SettingsStore } from './ports.ts';

/** Beats between two looks at the person's file. */
const TEND_EVERY = 10;

export interface PersonUpkeepOptions {
  readonly person: PersonStore;
  readonly settings: SettingsStore;
  readonly scenarios: Scenarios;
  readonly events: Events;
  readonly journal: Pick<Journal, 'failed'>;
}

/** Lets the person's file be looked after; what it turns out to hold (it could not be read before) is followed like any change. */
export function tendPerson({ person, settings, scenarios, events, journal }: PersonUpkeepOptions): { done(): Promise<void> } {
  let beats = 0;
  let tending: Promise<void> | null = null;

  async function tend(): Promise<void> {
    const before = settings.current;
    try {
      if (!(await person.tend())) return;
      events.emit('settings', { before, next: settings.current });
      await scenarios.load(true);
    } catch (error) {
      journal.failed('look after the person’s file', error);
    }
  }
  events.on('beat', () => {
    if (++beats % TEND_EVERY !== 0) return;
    tending ??= tend().finally(() => {
      tending = null;
    });
  });
  return {
    async done() {
      await tending;
    },
  };
}
