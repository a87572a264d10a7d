import type { Handlers } from '#bridge/contract.ts';
import { fromHistory } from './from-history.ts';
import type { HistoryStore } from './ports/history.ts';
import type { Storage } from './ports/storage.ts';
import type { Settings } from './settings.ts';

interface StorageHandlerOptions {
  readonly store: HistoryStore;
  readonly storage: Storage;
  readonly settings: () => Settings;
  readonly keep: (change: (settings: Settings) => Settings) => Promise<Settings>;
}

/** The calls of the storage page. */
export const storageHandlers = ({
  store,
  storage,
  settings,
  keep,
}: StorageHandlerOptions): Pick<Handlers, Extract<keyof Handlers, `storage.${string}`>> => ({
  'storage.survey': () => fromHistory(storage.survey()),
  'storage.backups': () => fromHistory(storage.backups()),
  async 'storage.save'() {
    await fromHistory(store.backUp(settings().backups, true));
    return fromHistory(storage.backups());
  },
  async 'storage.restore'({ name }) {
    await fromHistory(storage.restoreAtStart(name));
    return fromHistory(storage.backups());
  },
  'storage.keep': (backups) => keep((old) => ({ ...old, backups })),
});
