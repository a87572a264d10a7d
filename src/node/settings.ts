import { preferenceFields, preferences, type Preferences } from '#bridge/settings.ts';
import type { Log } from '#core/ports/log.ts';
import type { PreferencesStore } from '#core/ports/preferences.ts';
import { makeFolder } from './data-dir.ts';
import { checkEach } from './settings-fields.ts';
import {
  asideName,
  keepAside,
  keepGood,
  moveAside,
  newestGood,
  type ReadResult,
  readSettingsFile,
  reasonOf,
  restore,
  SETTINGS_NAME,
  settingsPath,
  sweepTemporaries,
  type WholeFile,
} from './settings-files.ts';
import type { FolderVenues } from './venue-settings.ts';

type Fields = Record<string, unknown>;

/** The part of conf (electron-store on the desktop) that is used: whole reads, whole atomic writes, versioned migrations. */
export interface FileStore {
  store: Fields;
}

export interface MigratingStore extends FileStore {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  delete(key: string): void;
}

export interface StoreOptions {
  readonly cwd: string;
  /** conf's name for the file, and electron-store's. */
  readonly configName: string;
  readonly name: string;
  readonly projectVersion: string;
  readonly migrations: Readonly<Record<string, (store: MigratingStore) => void>>;
  readonly accessPropertiesByDotNotation: false;
  readonly clearInvalidConfig: false;
}

export type StoreConstructor = new (options: StoreOptions) => FileStore;

/** The format of the file, not the app's version: it rises only together with a migration to it. */
export interface SettingsFormat {
  readonly version: string;
  readonly migrations: StoreOptions['migrations'];
}

export const SETTINGS_FORMAT: SettingsFormat = { version: '1.0.0', migrations: {} };

export interface SettingsOptions {
  /** Must be locked by this process: the lock covers the settings too. */
  readonly dataDir: string;
  readonly createStore: StoreConstructor;
  readonly defaults: Preferences;
  /** Asked where the file does not say which venues are on; absent or null: they are at their defaults. */
  readonly venuesOfFolder?: () => FolderVenues | null;
  readonly log: Log;
  readonly format?: SettingsFormat;
}

/** conf keeps the version of the last migration under this key and hides it from readers. */
const CONF_INTERNAL = '__internal__';
const WRITE_DELAY_MS = 500;
const RETRY_MIN_MS = 5_000;
const RETRY_MAX_MS = 60_000;

/** What the composition root sees of it. */
export interface FileSettings extends PreferencesStore {
  /** Fields of the file that are no settings of this version: kept elsewhere now, or of another version. They stay until `letGo`. */
  readonly others: Readonly<Fields>;
  /** These of the others are on disk elsewhere: the next write leaves them out. */
  letGo(names: readonly string[]): void;
  /** Every few seconds: a file that was deleted meanwhile is written again. */
  tend(): void;
}

/** Never throws for what the file holds, nor for a folder that cannot be written: it says so in `notices` and goes on in memory. */
export function openSettings(options: SettingsOptions): FileSettings {
  const { dataDir, createStore, defaults, venuesOfFolder, log, format = SETTINGS_FORMAT } = options;
  const notices: string[] = [];
  const notice = (text: string): void => {
    notices.push(text);
    log.write('warn', 'settings', text);
  };
  /** What must be kept beside the file before anything is written over it; done at once, else again before each write. */
  const keepFirst: (() => void)[] = [];
  const runKeepFirst = (): void => {
    while (keepFirst[0] !== undefined) {
      keepFirst[0]();
      keepFirst.shift();
    }
  };
  let file: FileStore | null = null;
  let dirty = false;
  let failure: string | null = null;
  let retryMs = RETRY_MIN_MS;
  let timer: NodeJS.Timeout | null = null;
  const openFile = (): FileStore => {
    makeFolder(dataDir);
    file ??= new createStore({
      cwd: dataDir,
      configName: SETTINGS_NAME,
      name: SETTINGS_NAME,
      projectVersion: format.version,
      migrations: format.migrations,
      accessPropertiesByDotNotation: false,
      clearInvalidConfig: false,
    });
    return file;
  };

  const fail = (error: unknown): void => {
    const text = `The settings cannot be written to ${settingsPath(dataDir)} (${reasonOf(error)}). They are kept in memory and tried again.`;
    if (failure !== text) log.write('error', 'settings', text);
    failure = text;
    dirty = true;
  };
  const loaded = load();
  let current = loaded.settings;
  let { others } = loaded;
  /** What the file held when this process last read or wrote it; null: there was none. */
  let known = textOnDisk();
  if (loaded.mustWrite) schedule(0);

  return {
    get current() {
      return current;
    },
    others: loaded.others,
    letGo(names) {
      const left = Object.entries(others).filter(([name]) => !names.includes(name));
      if (left.length === Object.keys(others).length) return;
      others = Object.fromEntries(left);
      dirty = true;
      schedule(0);
    },
    get notices() {
      return failure === null ? notices : [...notices, failure];
    },
    update(change) {
      const next = preferences.parse(change(current));
      current = next;
      dirty = true;
      schedule(failure === null ? WRITE_DELAY_MS : retryMs);
      return next;
    },
    tend() {
      if (isLost()) schedule(0);
    },
    flush() {
      isLost();
      if (timer !== null) clearTimeout(timer);
      timer = null;
      if (dirty) write();
      return failure === null ? Promise.resolve() : Promise.reject(new Error(failure));
    },
  };

  /** The first change of a burst sets the time, so a long drag of the window is still written every half second. */
  function schedule(delayMs: number): void {
    timer ??= setTimeout(() => {
      timer = null;
      write();
      if (dirty) {
        schedule(retryMs);
        retryMs = Math.min(RETRY_MAX_MS, retryMs * 2);
      }
    }, delayMs);
  }

  function write(): void {
    try {
      runKeepFirst();
      keepForeign();
      openFile().store = { ...others, ...current };
      known = textOnDisk();
      dirty = false;
      retryMs = RETRY_MIN_MS;
      if (failure !== null) log.write('info', 'settings', 'The settings are written again.');
      failure = null;
    } catch (error) {
      fail(error);
    }
  }

  function textOnDisk(): string | null {
    const read = readSettingsFile(settingsPath(dataDir));
    return read.kind === 'missing' ? null : read.kind === 'whole' ? read.text : read.why;
  }

  /** True: the file was deleted meanwhile, and is to be written again. */
  function isLost(): boolean {
    if (known === null || textOnDisk() !== null) return false;
    known = null;
    dirty = true;
    notice(`${settingsPath(dataDir)} was deleted or moved away while Perpscope ran. It is written again.`);
    return true;
  }

  /** What another program wrote into the file meanwhile is not written over. */
  function keepForeign(): void {
    const found = textOnDisk();
    if (found === null || found === known) return;
    const kept = asideName('foreign', new Date());
    moveAside(dataDir, kept);
    known = null;
    notice(
      `The settings file was changed by another program while Perpscope ran. What it held is kept as ${kept}; the settings in use were written.`,
    );
  }

  /** Does `step` now or, if the disk refuses, before the first write. */
  function attemptKeep(step: () => void): void {
    keepFirst.push(step);
    try {
      runKeepFirst();
    } catch (error) {
      log.write('error', 'settings', `A file beside the settings could not be kept: ${reasonOf(error)}`);
    }
  }

  function load(): { settings: Preferences; others: Fields; mustWrite: boolean } {
    try {
      makeFolder(dataDir);
      sweepTemporaries(dataDir);
    } catch (error) {
      log.write('error', 'settings', `The folder ${dataDir} cannot be prepared: ${reasonOf(error)}`);
    }
    const found = readSettingsFile(settingsPath(dataDir));
    // Of this program every file holds every setting that it knew: one with none of those of the good copy is another file.
    const copied = found.kind === 'whole' ? (newestGood(dataDir)?.data ?? {}) : {};
    const lost = found.kind === 'whole' ? settingsIn(copied).filter((name) => !Object.hasOwn(found.data, name)) : [];
    const isForeign = lost.length > 0 && lost.length === settingsIn(copied).length;
    const read: ReadResult = isForeign ? { kind: 'broken', why: 'it holds none of the settings' } : found;
    const source = read.kind === 'broken' ? replaceBroken(read.why) : read.kind === 'missing' ? replaceMissing() : completed(read);
    const fromVersion = source.kind === 'whole' ? recordedVersion(source.data) : null;
    if (source.kind === 'whole' && fromVersion !== null && isNewer(fromVersion, format.version)) {
      const kept = asideName(`newer-${fromVersion}`, new Date());
      attemptKeep(() => keepAside(dataDir, kept, source.text));
      notice(`The settings were written by a newer Perpscope. This one uses what it understands; the file as it was is kept as ${kept}.`);
    }
    const data = migrated(source.kind === 'whole' ? source.data : {});
    const { values, faults, atDefault } = checkEach<Preferences>(preferenceFields, data, defaults, 'setting');
    if (source.kind === 'whole' && faults.length > 0) {
      const kept = asideName('rejected', new Date());
      attemptKeep(() => keepAside(dataDir, kept, source.text));
      for (const fault of faults) notice(`${fault} The file as it was is kept as ${kept}.`);
      dirty = true;
    }
    if (read.kind === 'whole' && source === read && faults.length === 0) refreshGood();
    const ofFolder = atDefault.has('venues') ? (venuesOfFolder?.() ?? null) : null;
    if (ofFolder !== null) {
      notice(ofFolder.sentence);
      dirty = true;
    }
    const settings = ofFolder === null ? values : { ...values, venues: ofFolder.venues };
    const others = Object.fromEntries(Object.entries(data).filter(([name]) => !Object.hasOwn(settings, name)));
    return { settings, others, mustWrite: dirty };

    /** The file with what it lacks of the good copy: nothing that this program writes leaves a setting out. */
    function completed(read: WholeFile): WholeFile {
      if (lost.length === 0) return read;
      const names = lost.map((name) => `"${name}"`).join(', ');
      notice(
        lost.length === 1
          ? `The setting ${names} was missing from the settings file. It is as in the good copy.`
          : `The settings ${names} were missing from the settings file. They are as in the good copy.`,
      );
      dirty = true;
      const data = { ...Object.fromEntries(lost.map((name) => [name, copied[name]])), ...read.data };
      const text = JSON.stringify(data, null, '\t');
      attemptKeep(() => restore(dataDir, text));
      return { kind: 'whole', text, data };
    }
  }

  /** The broken file goes aside and the newest good copy takes its place. */
  function replaceBroken(why: string): ReturnType<typeof readSettingsFile> {
    const kept = asideName('corrupt', new Date());
    attemptKeep(() => moveAside(dataDir, kept));
    const good = newestGood(dataDir);
    const then = good === null ? 'There is no good copy, so all settings are at their defaults' : `The good copy ${good.name} was loaded`;
    notice(`The settings file could not be read: ${why}. ${then}; the broken file is kept as ${kept}.`);
    dirty = true;
    if (good === null) return { kind: 'missing' };
    attemptKeep(() => restore(dataDir, good.text));
    return { kind: 'whole', text: good.text, data: good.data };
  }

  /** A first start has no file and no copies; where there are copies, the file was lost. */
  function replaceMissing(): ReturnType<typeof readSettingsFile> {
    const good = newestGood(dataDir);
    if (good === null) return { kind: 'missing' };
    notice(`The settings file was missing. The newest good copy, ${good.name} of ${good.savedAt}, was loaded in its place.`);
    dirty = true;
    attemptKeep(() => restore(dataDir, good.text));
    return { kind: 'whole', text: good.text, data: good.data };
  }

  /** The file's fields after the migrations; where those cannot run (disk full, no right to write), as they were read. */
  function migrated(data: Fields): Fields {
    try {
      runKeepFirst();
      return { ...openFile().store };
    } catch (error) {
      fail(error);
      return Object.fromEntries(Object.entries(data).filter(([name]) => name !== CONF_INTERNAL));
    }
  }

  function refreshGood(): void {
    const whole = readSettingsFile(settingsPath(dataDir));
    if (whole.kind !== 'whole') return;
    try {
      keepGood(dataDir, whole.text);
    } catch (error) {
      log.write('warn', 'settings', `The good copy of the settings could not be refreshed: ${reasonOf(error)}`);
    }
  }
}

/** Names of this version's settings that the fields hold. */
const settingsIn = (fields: Fields): string[] => Object.keys(preferenceFields).filter((name) => Object.hasOwn(fields, name));

function recordedVersion(data: Fields): string | null {
  const internal = data[CONF_INTERNAL] as { migrations?: { version?: unknown } } | null | undefined;
  const version = internal?.migrations?.version;
  return typeof version === 'string' && /^\d+\.\d+\.\d+$/u.test(version) ? version : null;
}

function isNewer(version: string, than: string): boolean {
  const other = than.split('.').map(Number);
  for (const [index, part] of version.split('.').map(Number).entries()) {
    if (part !== other[index]) return part > (other[index] ?? 0);
  }
  return false;
}
