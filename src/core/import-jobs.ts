import type { ImportState } from '#bridge/import.ts';
import { UserError } from '#bridge/errors.ts';
import type { ImportWishes } from '#domain/import/plan.ts';
import type { Instrument } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { type ImporterOptions, type ImportOutcome, look, type Look, outcomeNotes, outcomeWords, runImport } from './imports.ts';
import type { Canceller } from './ports/clock.ts';
import { ImportError, type ImportFiles, type ImportTable, type OpenedTable } from './ports/import.ts';
import type { Log } from './ports/log.ts';

export interface ImportJobsOptions extends ImporterOptions {
  readonly files: ImportFiles;
  readonly newCanceller: () => Canceller;
  readonly log: Log;
  readonly tell: (state: ImportState) => void;
  /** Rows of the instrument came into the store, from that time on. */
  readonly stored: (instrument: Instrument, from: number, recent: boolean) => void;
  /** Why nothing can be written here; null: it can. */
  readonly refusal: () => string | null;
}

/** Files that windows hand over, each looked at, counted and imported one step after the other. */
export interface ImportJobs {
  begin(name: string): Promise<string>;
  append(id: string, bytes: Uint8Array): Promise<null>;
  /** Where it lies, for who does something else with it. */
  pathOf(id: string): string;
  /** Begins to look at it, to count or to import; how it goes is told. */
  look(id: string, wishes: ImportWishes): null;
  run(id: string, wishes: ImportWishes, dry: boolean): null;
  cancel(id: string): null;
  drop(id: string): Promise<null>;
  stop(): Promise<void>;
}

interface Job {
  state: ImportState;
  table: { readonly table: ImportTable; readonly opened: OpenedTable } | null;
  canceller: Canceller | null;
  /** What was said last of a file that is being looked at; null: it is not. */
  asked: ImportWishes | null;
  working: Promise<void>;
}

const SHOWN_REFUSED = 5000;

export function createImportJobs(options: ImportJobsOptions): ImportJobs {
  const { files, newCanceller, log, tell } = options;
  const jobs = new Map<string, Job>();

  function of(id: string): Job {
    const job = jobs.get(id);
    if (job === undefined) throw new UserError('not-found', 'That file is not here any more. Choose it again.');
    return job;
  }
  function change(job: Job, fields: Partial<ImportState>): void {
    job.state = { ...job.state, ...fields };
    tell(job.state);
  }
  function start(id: string, work: (job: Job, canceller: Canceller) => Promise<void>): null {
    const job = of(id);
    if (job.canceller !== null) throw new UserError('busy', 'This file is being read. Wait for it, or cancel it.');
    const canceller = newCanceller();
    job.canceller = canceller;
    change(job, { step: 'read', share: 0, error: null, outcome: null });
    job.working = work(job, canceller)
      .catch((error: unknown) => {
        if (!(error instanceof ImportError)) log.write('error', 'import', 'an import failed', { error: String(error) });
        const isTold = error instanceof ImportError || (error instanceof Error && 'user' in error);
        const text = error instanceof Error && 'user' in error ? String(error.user) : error instanceof Error ? error.message : '';
        change(job, { error: isTold ? text : 'The file could not be imported. The log has the details.' });
      })
      .finally(() => {
        job.canceller = null;
        change(job, { step: null, share: 0 });
      });
    return null;
  }
  async function seen(job: Job, wishes: ImportWishes, canceller: Canceller): Promise<Look> {
    if (job.table === null) {
      const table = files.take(job.state.id);
      job.table = { table, opened: await table.open() };
    }
    const found = await look(options, job.table, wishes, (step, share) => change(job, { step, share }), canceller.signal);
    const { opened, facts, questions, notes, preview } = found;
    change(job, { look: { format: opened.format, lines: facts.lines, names: [...opened.names], questions, notes, preview } });
    return found;
  }

  function lookAt(id: string, wishes: ImportWishes): null {
    const job = of(id);
    start(id, async (_, canceller) => {
      await seen(job, wishes, canceller);
    });
    job.asked = wishes;
    job.working = job.working.then(() => {
      const { asked } = job;
      job.asked = null;
      if (asked !== null && asked !== wishes && jobs.get(id) === job) lookAt(id, asked);
    });
    return null;
  }

  return {
    async begin(name) {
      const id = await files.begin(name).catch(asUserError);
      const state: ImportState = { id, name, step: null, share: 0, look: null, outcome: null, error: null };
      jobs.set(id, { state, table: null, canceller: null, asked: null, working: Promise.resolve() });
      return id;
    },
    async append(id, bytes) {
      of(id);
      await files.append(id, bytes).catch(asUserError);
      return null;
    },
    pathOf: (id) => files.pathOf(of(id).state.id),
    look(id, wishes) {
      const job = of(id);
      if (job.canceller === null) return lookAt(id, wishes);
      if (job.asked === null) throw new UserError('busy', 'This file is being read. Wait for it, or cancel it.');
      // A look that is under way is of what was said before: this one takes its place.
      job.asked = wishes;
      job.canceller.abort();
      return null;
    },
    run(id, wishes, dry) {
      const why = options.refusal();
      if (why !== null) throw new UserError('busy', why);
      return start(id, async (job, canceller) => {
        const found = await seen(job, wishes, canceller);
        if (found.questions.length > 0 || job.table === null) return;
        const { table } = job.table;
        const outcome = await runImport(
          options,
          table,
          found,
          { dry, wishes },
          (step, share) => change(job, { step, share }),
          canceller.signal,
        );
        if (!dry) tellStored(outcome, options);
        change(job, {
          outcome: {
            dry,
            words: outcomeWords(outcome, dry),
            notes: outcomeNotes(outcome),
            parts: outcome.parts.map(({ instrument, kind, rows, added, from, to }) => ({
              instrument: instrument.id,
              kind,
              rows,
              added,
              from,
              to,
            })),
            refused: [...(await table.refused(0, SHOWN_REFUSED))],
            refusedLines: outcome.loaded.refused,
            cancelled: outcome.cancelled,
          },
        });
      });
    },
    cancel(id) {
      of(id).canceller?.abort();
      return null;
    },
    async drop(id) {
      const job = jobs.get(id);
      jobs.delete(id);
      job?.canceller?.abort();
      await job?.working;
      await job?.table?.table.close();
      await files.drop(id);
      return null;
    },
    async stop() {
      for (const id of [...jobs.keys()]) await this.drop(id);
    },
  };
}

function tellStored({ parts }: ImportOutcome, { stored, now }: ImportJobsOptions): void {
  for (const { instrument, added, completed, from, to } of parts)
    if (added + completed > 0) stored(instrument, from, to > now() - 48 * HOUR_MS);
}

function asUserError(error: unknown): never {
  if (error instanceof ImportError) throw new UserError('storage', error.message);
  throw error;
}
