import type { Badge } from './ports/badge.ts';
import type { Storage } from './ports/storage.ts';
import type { Canceller, Clock } from './ports/clock.ts';
import type { FilesIn } from './ports/files-in.ts';
import type { FilesOut } from './ports/files-out.ts';
import type { HistoryStore } from './ports/history.ts';
import type { Http } from './ports/http.ts';
import type { ImportFiles } from './ports/import.ts';
import type { Log } from './ports/log.ts';
import type { Machine } from './ports/machine.ts';
import type { Notifier } from './ports/notifier.ts';
import type { ProxyPasswords } from './ports/passwords.ts';
import type { PersonStore } from './ports/person.ts';
import type { Queries } from './ports/query.ts';
import type { PreferencesStore, WorkspaceStore } from './ports/preferences.ts';
import type { TableBytes } from './ports/table-bytes.ts';
import type { SpendingLedger } from './ports/spending.ts';
import type { TellingRole } from './ports/telling-role.ts';
import type { Updates } from './ports/updates.ts';
import type { Studies } from './ports/studies.ts';
import type { WebhookSecret } from './ports/webhook-secret.ts';

export interface Ports {
  readonly clock: Clock;
  readonly http: Http;
  readonly store: HistoryStore;
  readonly storage: Storage;
  readonly settings: PreferencesStore;
  readonly person: PersonStore;
  readonly workspaces: WorkspaceStore;
  readonly spending: SpendingLedger;
  readonly passwords: ProxyPasswords;
  readonly webhookSecret: WebhookSecret;
  /** Null: no other process is ever on this folder. */
  readonly tellingRole: TellingRole | null;
  readonly queries: Queries;
  /** Looks back on rules, where it holds nothing up. */
  readonly studies: Studies;
  readonly importFiles: ImportFiles;
  readonly machine: Machine;
  readonly updates: Updates;
  readonly notifier: Notifier;
  readonly badge: Badge;
  readonly files: FilesOut;
  readonly filesIn: FilesIn;
  readonly tableBytes: TableBytes;
  readonly log: Log;
  /** Uniform in [0, 1): jitter only. */
  random(): number;
  newCanceller(): Canceller;
  /** Resolves once everything else that waits for the thread has had its go: for maths in slices. */
  nextTurn(): Promise<void>;
}
