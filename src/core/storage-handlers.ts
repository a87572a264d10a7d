import type { Handlers } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import { fromHistory } from './from-history.ts';
import type { ImportJobs } from './import-jobs.ts';
import type { FilesIn } from './ports/files-in.ts';
import type { HistoryStore } from './ports/history.ts';
import type { Storage } from './ports/storage.ts';
import type { Settings } from './settings.ts';

interface StorageHandlerOptions {
  readonly store: HistoryStore;
  readonly storage: Storage;
  readonly filesIn: FilesIn;
  readonly imports: Pick<ImportJobs, 'pathOf' | 'drop'>;
  readonly settings: () => Settings;
  readonly keep: (change: (settings: Settings) => Settings) => Promise<Settings>;
}

/** What is wrong with a backup is said in its own sentence. */
const inWords = (work: Promise<void>): Promise<void> =>
  work.catch((error: unknown) => {
    throw error instanceof Error && 'user' in error ? new UserError('storage', String(error.user)) : error;
  });

/** The calls of the storage page. */
export const storageHandlers = ({
  store,
  storage,
  filesIn,
  imports,
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
    await inWords(storage.restoreAtStart(name));
    return fromHistory(storage.backups());
  },
  async 'storage.choose'() {
    const chosen = await filesIn.choose({ title: 'Backup of Perpscope', ending: 'perpscope' });
    if (chosen.kind !== 'chosen') return chosen;
    await inWords(storage.restoreFile(chosen.path));
    return { kind: 'chosen', list: await fromHistory(storage.backups()) };
  },
  async 'storage.take'({ id }) {
    try {
      await inWords(storage.restoreGiven(imports.pathOf(id)));
    } finally {
      await imports.drop(id);
    }
    return fromHistory(storage.backups());
  },
  'storage.keep': (backups) => keep((old) => ({ ...old, backups })),
});
