import { statSync } from 'node:fs';
import { preferenceFields, type Preferences } from '#bridge/settings.ts';
import type { PreferencesStore } from '#core/ports/preferences.ts';
import { checkEach } from './settings-fields.ts';
import { readSettingsFile, settingsPath } from './settings-files.ts';
import { type FolderVenues, withNewVenues } from './venue-settings.ts';

export interface FollowedPreferences extends PreferencesStore {
  /** Reads the file again where it is another one than when it was read last. Returns what was in force before where that is another now. */
  reread(): Preferences | null;
}

export interface FollowedPreferencesOptions {
  readonly dataDir: string;
  readonly defaults: Preferences;
  /** Asked where the file does not say which venues are on; absent or null: they are at their defaults. */
  readonly venuesOfFolder?: () => FolderVenues | null;
  /** Venues that are asked, whatever the file says; null: as it says. */
  readonly only: readonly string[] | null;
  /** Venues that are asked too where it says that they are off. */
  readonly also?: readonly string[];
}

/** settings.json as another process changes it; nothing of it is changed here. What of a changed file cannot be used leaves what was in force. */
export function followPreferences({ dataDir, defaults, venuesOfFolder, only, also = [] }: FollowedPreferencesOptions): FollowedPreferences {
  const path = settingsPath(dataDir);
  let seen = stampOf(path);
  let notices: readonly string[] = [];

  function asAsked(all: Preferences): Preferences {
    const isOn = (id: string, enabled: boolean): boolean => (only === null ? enabled || also.includes(id) : only.includes(id));
    const venues = Object.entries(all.venues).map(([id, one]) => [id, { ...one, enabled: isOn(id, one.enabled) }] as const);
    return { ...all, venues: Object.fromEntries(venues) };
  }
  /** `unsaid`: settings of venues where the file does not say them. */
  function read(unsaid: () => Preferences['venues']): Preferences | string {
    const file = readSettingsFile(path);
    if (file.kind === 'broken') return `${path} could not be read: ${file.why}.`;
    const data = file.kind === 'whole' ? file.data : {};
    const { values, faults, atDefault } = checkEach<Preferences>(preferenceFields, data, defaults, 'setting');
    notices = faults;
    const venues = atDefault.has('venues') ? unsaid() : values.venues;
    return asAsked({ ...values, venues: withNewVenues(venues, defaults.venues) });
  }
  function ofFolder(): Preferences['venues'] {
    const found = only === null ? (venuesOfFolder?.() ?? null) : null;
    if (found !== null) notices = [...notices, found.sentence];
    return found?.venues ?? defaults.venues;
  }
  /** Whole or not at all: half of a change is what no person wanted. */
  function reread(before: Preferences): Preferences {
    const now = read(() => before.venues);
    if (typeof now !== 'string' && notices.length === 0) return now;
    const why = typeof now === 'string' ? now : notices.map((fault) => fault.replace(/; [^;]*$/u, '.')).join(' ');
    notices = [`${why} The settings of before stay in force until settings.json is put right or a terminal saves them.`];
    return before;
  }
  function start(): Preferences {
    const first = read(ofFolder);
    if (typeof first !== 'string') return first;
    notices = [`${first} Defaults are used.`];
    return asAsked({ ...defaults, venues: ofFolder() });
  }
  let current = start();
  return {
    get current() {
      return current;
    },
    get notices() {
      return notices;
    },
    reread() {
      const stamp = stampOf(path);
      // One that is gone for a moment is being replaced.
      if (stamp === seen || stamp === null) return null;
      seen = stamp;
      const before = current;
      notices = [];
      current = reread(before);
      return JSON.stringify(before) === JSON.stringify(current) ? null : before;
    },
    update: () => current,
    flush: () => Promise.resolve(),
  };
}

/** Another text once the file was written; null: there is none. */
export function stampOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.mtimeMs} ${found.size} ${found.ino}`;
}
