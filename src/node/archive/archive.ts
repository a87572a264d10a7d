import { HistoryError, messageOf } from '../history/errors.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { type OpenParquet, openParquet, readParquet, type Row } from './parquet.ts';
import type { ArchivePlace } from './place.ts';
import { type ArchivedTable, monthOf } from './tables.ts';

/** A month whose rows lie in an archive, as the database says it: rows of [from, to), in files up to `part`. */
export interface DroppedMonth {
  readonly from: number;
  readonly to: number;
  readonly at: number;
  readonly place: string;
  readonly part: number;
  readonly settledRows: number;
}

/** Rows of an instrument that are kept in memory, of all that were read: a chart asks for the same ones again. */
const KEPT_ROWS = 300_000;
/** What was not there is asked for again after this. */
const RETRY_MS = 15_000;

/** Reads an archive's rows back. What it cannot reach it says once, and tries again later. */
export class Archive {
  readonly #place: ArchivePlace;
  readonly #retryMs: number;
  readonly #manifests = new Map<string, Promise<Manifest>>();
  readonly #files = new Map<string, Promise<OpenParquet>>();
  /** By file and instrument, the one that was asked for longest ago first. */
  readonly #rows = new Map<string, readonly Row[]>();
  #kept = 0;
  #trouble: { readonly sentence: string; readonly at: number } | null = null;

  constructor(place: ArchivePlace, retryMs = RETRY_MS) {
    this.#place = place;
    this.#retryMs = retryMs;
  }

  get name(): string {
    return this.#place.name;
  }

  /** What is wrong with it, in a sentence for the person; null: nothing is known to be. */
  get trouble(): string | null {
    return this.#trouble?.sentence ?? null;
  }

  /** Rows of each of these instruments, ascending; `of`: the number of the history. Null: they cannot be read now, see `trouble`. */
  async rows(of: number, month: DroppedMonth, table: ArchivedTable, ids: readonly string[]): Promise<Map<string, Row[]> | null> {
    if (this.#trouble !== null && performance.now() - this.#trouble.at < this.#retryMs) return null;
    try {
      const found = new Map(ids.map((id): [string, Row[]] => [id, []]));
      const manifest = await this.#manifest(of, month);
      for (const file of manifest.files) {
        const wanted = ids.filter((id) => file.venue === id.slice(0, id.indexOf(':')));
        if (file.table !== table.table || file.part > month.part || wanted.length === 0) continue;
        const opened = await this.#open(file.path, file.bytes);
        for (const id of wanted) found.get(id)?.push(...(await this.#rowsOf(file.path, opened, table, id)));
      }
      this.#trouble = null;
      return found;
    } catch (error) {
      const sentence = error instanceof HistoryError ? error.user : `The archive at ${this.name} cannot be read: ${messageOf(error)}.`;
      this.#trouble = { sentence, at: performance.now() };
      this.#manifests.clear();
      this.#files.clear();
      return null;
    }
  }

  async #manifest(of: number, { from, part }: DroppedMonth): Promise<Manifest> {
    const month = monthOf(from).name;
    const key = `${month} ${part}`;
    const reading = this.#manifests.get(key) ?? readManifest(this.#place, month, of);
    this.#manifests.set(key, reading);
    const manifest = await reading;
    if (!manifest.files.some((file) => file.part === part))
      throw new HistoryError(
        'failed',
        `The archive at ${this.name} has nothing of ${month}. Name the place that the month was archived to.`,
      );
    return manifest;
  }

  #open(path: string, bytes: number): Promise<OpenParquet> {
    const opening =
      this.#files.get(path) ??
      openParquet({
        byteLength: bytes,
        slice: async (from, to = bytes) => new Uint8Array(await this.#place.part(path, from, to)).buffer,
      });
    this.#files.set(path, opening);
    return opening;
  }

  async #rowsOf(path: string, opened: OpenParquet, table: ArchivedTable, id: string): Promise<readonly Row[]> {
    const key = `${path} ${id}`;
    const rows = this.#rows.get(key) ?? (await readParquet(opened, table, id));
    if (!this.#rows.delete(key)) this.#kept += rows.length;
    this.#rows.set(key, rows);
    for (const [oldest, { length }] of this.#rows) {
      if (this.#kept <= KEPT_ROWS) break;
      this.#rows.delete(oldest);
      this.#kept -= length;
    }
    return rows;
  }
}
