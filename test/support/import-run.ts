import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { look, outcomeNotes, runImport } from '#core/imports.ts';
import { type ImportBatch, ImportError } from '#core/ports/import.ts';
import type { ImportWishes } from '#domain/import/plan.ts';
import { ReadonlyHistory } from '#node/history/readonly-history.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { type AskReader, tableOf } from '#node/import/open-import.ts';
import { TableReader } from '#node/import/table-reader.ts';
import { readImportArgs } from '../../src/cli/import-args.ts';
import { runCommand } from '../../src/cli/command.ts';
import { importing } from '../../src/cli/import.ts';

const VENUES = ['binance', 'bybit'].map((id) => ({ id, name: id }));

/** A data folder and files of a test's own, with the command that imports them. */
export class ImportFolder {
  readonly dir = mkdtempSync(join(tmpdir(), 'import-'));
  readonly data = join(this.dir, 'data');

  file(name: string, content: string | Uint8Array): string {
    const path = join(this.dir, name);
    writeFileSync(path, content);
    return path;
  }

  /** The command itself: its workers, its lock, its words. */
  async run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    let [out, err] = ['', ''];
    const io = {
      read: () => Promise.reject(new Error('nothing is read as text')),
      out: (text: string) => void (out += `${text}\n`),
      err: (text: string) => void (err += `${text}\n`),
    };
    const code = await runCommand(importing, ['--data-dir', this.data, ...args], io);
    return { code, out, err };
  }

  /** Its answer as JSON, of one file. */
  async json(...args: readonly string[]): Promise<{ code: number; answer: CommandAnswer }> {
    const { code, out, err } = await this.run(...args, '--json');
    if (out === '') throw new Error(err);
    const [answer] = (JSON.parse(out) as { data: { files: CommandAnswer[] } | null }).data?.files ?? [];
    if (answer === undefined) throw new Error('there is no file in the answer');
    return { code, answer };
  }

  /** The same of one file in this thread, without the command's workers. Writes with --yes alone. */
  async import(...args: readonly string[]): Promise<Answer> {
    const request = readImportArgs(args);
    const [path] = request.files;
    if (path === undefined) throw new Error('there is no file');
    mkdirSync(this.data, { recursive: true });
    const history = new SqliteHistory({
      file: join(this.data, 'history.sqlite'),
      kind: 'live',
      log: { write: () => undefined },
      now: () => Date.now(),
    });
    const store = {
      instruments: () => Promise.resolve(history.instruments()),
      recordImport: (batch: ImportBatch) => Promise.resolve(history.recordImport(batch)),
    };
    const reader = new TableReader(path, basename(path), () => Date.now());
    const ask: AskReader = async <T>(method: string, ...input: readonly unknown[]) => (await called(reader, method, input)) as T;
    const table = tableOf(ask, () => Promise.resolve());
    const options = { store, now: () => Date.now(), venues: VENUES };
    const never = new AbortController().signal;
    try {
      const seen = await look(options, { table, opened: await table.open() }, request.wishes, () => undefined, never);
      const told = { fault: null, questions: seen.questions, notes: seen.notes, preview: seen.preview };
      if (seen.questions.length > 0) return { ...NOTHING, ...told };
      const outcome = await runImport(options, table, seen, { dry: !request.yes, wishes: request.wishes }, () => undefined, never);
      const { added: adds, known, completed, conflicts, loaded, parts } = outcome;
      return {
        ...told,
        notes: [...seen.notes, ...outcomeNotes(outcome)],
        ...{ adds, known, completed, conflicts, refused: loaded.refused },
        refusedLines: await table.refused(0, 1000),
        parts: parts.map(({ instrument, kind, rows }) => ({ instrument: instrument.id, kind, rows })),
      };
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      return { ...NOTHING, fault: error.message };
    } finally {
      history.close();
    }
  }

  stored<T>(read: (history: ReadonlyHistory) => T): T {
    const history = new ReadonlyHistory({ file: join(this.data, 'history.sqlite'), kind: 'live', now: () => Date.now() });
    try {
      return read(history);
    } finally {
      history.close();
    }
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export interface Answer {
  readonly fault: string | null;
  readonly questions: readonly { readonly field: keyof ImportWishes; readonly text: string }[];
  readonly notes: readonly string[];
  readonly preview: readonly {
    readonly line: number;
    readonly time: number | null;
    readonly becomes: Record<string, number>;
    readonly refused: string | null;
  }[];
  readonly adds: number | null;
  readonly known: number | null;
  readonly completed: number | null;
  readonly conflicts: number | null;
  readonly refused: number | null;
  readonly refusedLines: readonly { readonly line: number; readonly reason: string; readonly kept: boolean }[];
  readonly parts: readonly { readonly instrument: string; readonly kind: string; readonly rows: number }[];
}

function called(reader: TableReader, method: string, input: readonly unknown[]): unknown {
  const found: unknown = Reflect.get(reader, method);
  if (typeof found !== 'function') throw new Error(`a reader has no ${method}`);
  return Reflect.apply(found, reader, input);
}

/** As the command tells it. */
interface CommandAnswer extends Omit<Answer, 'questions'> {
  readonly questions: readonly { readonly flag: string; readonly text: string }[];
}

const NOTHING: Answer = {
  ...{ fault: null, questions: [], notes: [], preview: [], adds: null, known: null, completed: null, conflicts: null, refused: null },
  ...{ refusedLines: [], parts: [] },
};
