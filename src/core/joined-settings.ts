import type { Ports } from './ports.ts';
import type { KeptStore, PreferencesStore, SettingsStore } from './ports/preferences.ts';
import type { PersonFacts, Settings } from './settings.ts';

/** The ports as the core uses them. */
export type CorePorts = Omit<Ports, 'settings'> & { readonly settings: SettingsStore };

/** Settings.json and the person's file as one: each field is written where it belongs, and only where it changed. */
export function joinSettings(preferences: PreferencesStore, person: KeptStore<PersonFacts>): SettingsStore {
  let joined = { preferences: preferences.current, facts: person.current, settings: { ...preferences.current, ...person.current } };
  /** Both are replaced whole, never changed in place: what many ask for at every poll is joined once. */
  const current = (): Settings => {
    const [kept, facts] = [preferences.current, person.current];
    if (joined.preferences !== kept || joined.facts !== facts) joined = { preferences: kept, facts, settings: { ...kept, ...facts } };
    return joined.settings;
  };
  return {
    get current() {
      return current();
    },
    get notices() {
      return [...preferences.notices, ...person.notices];
    },
    update(change) {
      const { lists, thresholds, ownThresholds, alerts, ...others } = change(current());
      const facts = { lists, thresholds, ownThresholds, alerts };
      if (!same(facts, person.current)) person.update(() => facts);
      if (!same(others, preferences.current)) preferences.update(() => others);
      return current();
    },
    async flush() {
      const both = await Promise.allSettled([preferences.flush(), person.flush()]);
      for (const one of both) if (one.status === 'rejected') throw one.reason;
    },
  };
}

/** Plain data: equal is what reads the same, whatever the order of the fields. */
function same<T extends object>(next: T, before: T): boolean {
  const fields = Object.keys(next) as (keyof T)[];
  return fields.every((field) => next[field] === before[field] || JSON.stringify(next[field]) === JSON.stringify(before[field]));
}
