import type { Database } from 'better-sqlite3';
import type { AlertRecord, ScenarioRecord } from '#core/ports.ts';
import { readAlerts, writeAlert } from './alerts.ts';
import { readScenarios, writeScenario } from './scenarios.ts';

/** What no venue can give again when a file is replaced. */
export interface Kept {
  readonly scenarios: readonly ScenarioRecord[];
  readonly alerts: readonly AlertRecord[];
}

/** Of a damaged file, as far as it can be read. */
export const salvage = (db: Database): Kept => ({
  scenarios: orNone(() => readScenarios(db)),
  alerts: orNone(() => readAlerts(db, Number.MAX_SAFE_INTEGER)),
});

/** Beside what the new file (a backup of yesterday, perhaps) holds already. */
export function putBack(db: Database, { scenarios, alerts }: Kept): void {
  db.transaction(() => {
    for (const { id, ...record } of scenarios) writeScenario(db, id, record);
    for (const alert of alerts) writeAlert(db, alert, { from: alert.at, to: alert.at });
  }).immediate();
}

function orNone<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch {
    // The damage is here: the file that is set aside keeps them for whoever can read it, and the app goes on.
    return [];
  }
}
