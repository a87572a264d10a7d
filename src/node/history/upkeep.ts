import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Log } from '#core/ports/log.ts';
import type { BackupsKept } from '#core/settings.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { backupName, backupsOf, regularAt } from '../backup/files.ts';
import type { CheckedFile } from '../backup/check.ts';
import { keepCheck, readChecks } from '../backup/checked.ts';
import { assertRoom, listBackups } from '../backup/make.ts';
import { outlived } from '../backup/rotation.ts';
import { makeFolder } from '../data-dir.ts';
import { beside } from './beside.ts';
import { HistoryError } from './errors.ts';
import { CHECKED_AT_OPEN_BYTES } from './open-file.ts';
import type { DatabaseKind } from './schema.ts';
import type { WorkerClient } from './worker-client.ts';

const BACKUP_EVERY_MS = 24 * 3_600_000;
/** A regular one that was made a little later than the day before is due all the same. */
const EARLY_MS = 1_800_000;
const FULL_CHECK_EVERY_MS = 7 * BACKUP_EVERY_MS;

/** Long work beside the writer: the check of a large file after start, and backups, which are checked before they count. */
export class Upkeep {
  readonly #client: WorkerClient;
  readonly #file: string;
  readonly #kind: DatabaseKind;
  readonly #log: Log;
  #running: Promise<void> = Promise.resolve();
  #waiting: NodeJS.Timeout | null = null;

  constructor(client: WorkerClient, file: string, kind: DatabaseKind, log: Log) {
    this.#client = client;
    this.#file = file;
    this.#kind = kind;
    this.#log = log;
  }

  /**
   * Files that were small enough were checked before they were opened. A large one keeps a processor busy for long, which until
   * `afterMs` from now is wanted by what the person waits for.
   */
  checkLargeFile(afterMs: number): void {
    const size = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    if (size > CHECKED_AT_OPEN_BYTES) this.#waiting = setTimeout(() => void this.#next(() => this.#check()), afterMs).unref();
    else if (size > 0) keepCheck(dirname(this.#file), 'quick', Date.now(), null);
  }

  /** See HistoryStore. What is in the way of one by hand rejects; of a regular one it is logged, and tried again an hour later. */
  backUp(kept: BackupsKept, byHand: boolean): Promise<string | null> {
    void this.#next(() => this.#fullCheck());
    const made = this.#running.then(() => this.#backUp(kept, byHand));
    const next = this.#next(async () => {
      await made;
    });
    return byHand ? made : next.then(() => made.catch(() => null));
  }

  /** Begins nothing more. Resolves when nothing is under way. */
  close(): Promise<void> {
    if (this.#waiting !== null) clearTimeout(this.#waiting);
    return this.#running;
  }

  #next(work: () => Promise<void>): Promise<void> {
    this.#running = this.#running.then(work).catch((error: unknown) => {
      if (error instanceof HistoryError && error.kind === 'closed') return;
      this.#log.write('warn', 'history', 'the check or backup of the history did not finish', { error: String(error) });
    });
    return this.#running;
  }

  async #check(): Promise<void> {
    const generation = await this.#client.ask<number>('generation');
    const damage = await beside<string | null>({ role: 'check', file: this.#file, kind: this.#kind, now: 0 });
    keepCheck(dirname(this.#file), 'quick', Date.now(), damage);
    if (damage !== null) await this.#client.ask('replaceDamaged', damage, generation);
  }

  /** Once a week. What it finds is told, with what to do: indexes can be wrong where every row is right, so that nothing is put aside. */
  async #fullCheck(): Promise<void> {
    const dir = dirname(this.#file);
    const last = readChecks(dir).full?.at ?? -Infinity;
    if (this.#kind === 'demo' || Math.abs(Date.now() - last) < FULL_CHECK_EVERY_MS || !existsSync(this.#file)) return;
    const files = await beside<CheckedFile[]>({ role: 'full-check', file: this.#file, kind: this.#kind, now: 0 });
    const wrong = files.flatMap(({ file, damage }) => (damage === null ? [] : [`${file}: ${damage}`]));
    keepCheck(dir, 'full', Date.now(), wrong.length === 0 ? null : wrong.join('; '));
    for (const one of wrong) this.#log.write('error', 'history', `the weekly check: ${one}`);
  }

  async #backUp(kept: BackupsKept, byHand: boolean): Promise<string | null> {
    const dir = dirname(this.#file);
    // The clock of this machine: the demo's runs faster, and its history can be made again.
    const now = Date.now();
    const regular = listBackups(dir).flatMap(({ path }) => regularAt(path) ?? []);
    const wantsNone = kept.days + kept.weeks + kept.months === 0;
    const isDue = Math.abs(now - Math.max(-Infinity, ...regular)) >= BACKUP_EVERY_MS - EARLY_MS;
    if (!byHand && (this.#kind === 'demo' || wantsNone || !isDue)) return null;
    const path = join(backupsOf(dir), backupName(now, 'regular'));
    const copy = `${path}.new`;
    makeFolder(backupsOf(dir));
    sweep(backupsOf(dir), now);
    assertRoom(path, statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0);
    const isCopied = await this.#client.ask<boolean>('copyTo', copy);
    if (!isCopied) {
      if (byHand) throw new HistoryError('failed', 'What is recorded is in memory only, so there is no file to back up: see the notices.');
      return null;
    }
    try {
      await beside({ role: 'seal', file: this.#file, kind: this.#kind, now, sealed: { copy, path, version: packageJson.version } });
    } catch (error) {
      // A copy is as sound as what it was taken from: the backups before it stay, and the file itself is looked at.
      if (error instanceof HistoryError && error.kind === 'damaged') await this.#check();
      throw error;
    }
    // By the times in the names, which tell seconds.
    const times = [...new Set([...regular, regularAt(path) ?? now])];
    if (!wantsNone) for (const at of outlived(times, kept)) rmSync(join(backupsOf(dir), backupName(at, 'regular')), { force: true });
    return path;
  }
}

/** Removes what backups that were killed left behind. */
function sweep(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const changedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (/\.perpscope\.new(?:-journal)?$/u.test(name) && now - changedAt > BACKUP_EVERY_MS) rmSync(path, { force: true });
  }
}
