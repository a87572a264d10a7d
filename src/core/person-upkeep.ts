import type { Notes } from './decide/notes.ts';
import type { Scenarios } from './decide/scenarios.ts';
import type { Events } from './events.ts';
import type { Reporter } from './reporter.ts';
import type { PersonStore } from './ports/person.ts';
import type { SettingsStore } from './ports/preferences.ts';

/** Ticks between two checks of the person's file. */
const TEND_EVERY = 10;

export interface PersonUpkeepOptions {
  readonly person: PersonStore;
  readonly settings: SettingsStore;
  readonly scenarios: Scenarios;
  readonly notes: Notes;
  readonly events: Events;
  readonly reporter: Pick<Reporter, 'failed'>;
}

/** Lets the person's file be looked after; what it turns out to hold (it could not be read before) is followed like any change. */
export function tendPerson({ person, settings, scenarios, notes, events, reporter }: PersonUpkeepOptions): { done(): Promise<void> } {
  let ticks = 0;
  let tending: Promise<void> | null = null;

  async function tend(): Promise<void> {
    const before = settings.current;
    try {
      if (!(await person.tend())) return;
      events.emit('settings', { before, next: settings.current });
      await scenarios.load(true);
      await notes.reload();
    } catch (error) {
      reporter.failed('look after the person’s file', error);
    }
  }
  events.on('tick', () => {
    if (++ticks % TEND_EVERY !== 0) return;
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
