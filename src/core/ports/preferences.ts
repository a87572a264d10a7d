import type { WindowId } from '#bridge/window.ts';
import type { Workspace } from '#bridge/workspace.ts';
import type { Preferences, Settings } from '../settings.ts';

/** What is read once, validated field by field, and kept whole. */
export interface KeptStore<T> {
  /** As read, with what had to be put right in words for the person. */
  readonly current: T;
  readonly notices: readonly string[];
  /** Keeps the new value; it is written soon. */
  update(change: (before: T) => T): T;
  /** Resolves when everything updated so far is on disk; rejects where it cannot be. */
  flush(): Promise<void>;
}

/** What each window shows, kept beside the settings; nothing of it decides what any number is. */
export interface WorkspaceStore {
  /** Sentences for the person about the file. */
  readonly notices: readonly string[];
  /** As it was kept; of a window that was never seen a copy of the one used last. */
  get(window: WindowId): Workspace;
  /** Written atomically and debounced. */
  keep(window: WindowId, workspace: Workspace): void;
}

/** What settings.json holds; written atomically and debounced. */
export type PreferencesStore = KeptStore<Preferences>;

/** Both as the core sees them: settings.json and what the person's file says now. */
export type SettingsStore = KeptStore<Settings>;
