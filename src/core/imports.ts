import type { Cancellation } from './ports/clock.ts';
import type { HistoryStore } from './ports/history.ts';
import {
  ImportError,
  type ImportCounts,
  type ImportTable,
  type LoadedTable,
  type OpenedTable,
  type PreviewLine,
  type TermsOf,
} from './ports/import.ts';
import { layoutOf } from '#domain/import/columns.ts';
import { type Facts, type ImportWishes, type Plan, planOf, type Question } from '#domain/import/plan.ts';
import type { ImportKind } from '#domain/import/series.ts';
import { type Targets, targetsOf, type VenueName } from '#domain/import/targets.ts';
import type { Instrument } from '#domain/instrument.ts';

export interface ImporterOptions {
  readonly store: Pick<HistoryStore, 'instruments' | 'recordImport'>;
  /** Venue-corrected ms: when rows count as learnt. */
  readonly now: () => number;
  readonly venues: readonly VenueName[];
}

/** A file as it would be read with what a person has said so far. */
export interface Look {
  readonly opened: OpenedTable;
  readonly facts: Facts;
  readonly plan: Plan;
  /** By name in the file ('' where no column says one): the instrument whose rows it becomes. */
  readonly targets: Targets['targets'];
  /** What has to be answered before anything can be imported. */
  readonly questions: readonly Question[];
  readonly notes: readonly string[];
  /** The first lines and what each becomes; none while there are questions about columns. */
  readonly preview: readonly PreviewLine[];
}

/** What became, or would become, of the rows of one instrument. */
export interface ImportedPart extends ImportCounts {
  readonly instrument: Instrument;
  readonly kind: ImportKind;
  readonly rows: number;
  readonly from: number;
  readonly to: number;
}

export interface ImportOutcome extends ImportCounts {
  readonly parts: readonly ImportedPart[];
  readonly loaded: LoadedTable;
  /** Ended before all was done: what was written by then stays. */
  readonly cancelled: boolean;
}

/** How far it is: 0 to 1 of that step. */
export type OnStep = (step: 'read' | 'load' | 'count' | 'write', share: number) => void;

/** Rows of one transaction: some milliseconds of the writer, with whatever else there is to write in between. */
const BATCH_ROWS = 4000;

/** Looks at a file. Rejects with ImportError for what is no table, or where it was cancelled. */
export async function look(
  { store, venues }: ImporterOptions,
  { table, opened }: { readonly table: ImportTable; readonly opened: OpenedTable },
  wishes: ImportWishes,
  onStep: OnStep,
  cancelled: Cancellation,
): Promise<Look> {
  const layout = layoutOf(opened.names, wishes.columns ?? {});
  const facts = await table.scan(wishes.columns ?? {}, (share) => onStep('read', share), cancelled);
  const { plan, questions: ofColumns, notes } = planOf(facts, layout, wishes);
  const { targets, questions: ofTargets, notes: named } = targetsOf(facts, wishes, await store.instruments(), venues);
  const questions = [...ofTargets, ...ofColumns];
  const canShow = !questions.some(({ field }) => field === 'columns');
  const preview = canShow ? await table.preview(plan, termsOf(targets, facts)) : [];
  return { opened, facts, plan, targets, questions, notes: [...named, ...notes], preview };
}

/** Of instruments that are not decided yet the plainest terms: a preview is shown all the same. */
function termsOf(targets: Targets['targets'], facts: Facts): TermsOf {
  if (targets.size > 0) return Object.fromEntries(targets);
  const names = facts.symbols.length > 0 ? facts.symbols.map(([name]) => name) : [''];
  return Object.fromEntries(names.map((name) => [name, { contract: 'linear' as const, contractSize: null }]));
}

/**
 * Imports a file that was looked at and leaves no question, or (`dry`) counts what that would do. Rejects with ImportError and with the errors of
 * the store; what was written by then stays, and the same file again goes on from there.
 */
export async function runImport(
  { store, now }: ImporterOptions,
  table: ImportTable,
  { opened, facts, plan, targets, questions }: Look,
  { dry, wishes }: { readonly dry: boolean; readonly wishes: ImportWishes },
  onStep: OnStep,
  cancelled: Cancellation,
): Promise<ImportOutcome> {
  const [open] = questions;
  if (open !== undefined) throw new ImportError(open.text);
  const loaded = await table.load(plan, termsOf(targets, facts), (share) => onStep('load', share), cancelled);
  const begunAt = Math.round(now());
  const readAs = JSON.stringify(wishes);
  const all = loaded.series.reduce((rows, series) => rows + series.rows, 0);
  const parts: ImportedPart[] = [];
  let done = 0;
  for (const [n, { symbol, kind, rows, from, to }] of loaded.series.entries()) {
    const instrument = targets.get(symbol);
    if (instrument === undefined) continue;
    let counts: ImportCounts = NONE;
    for (let at = 0; at < rows && !cancelled.aborted;) {
      const columns = await table.batch(n, at, BATCH_ROWS);
      const size = columns[0]?.length ?? 0;
      if (size === 0) break;
      const batch = {
        file: opened.file,
        begunAt,
        readAs,
        instrument,
        kind,
        columns: columns.slice(0, -1),
        learntAt: Math.round(now()),
        dry,
      };
      counts = sum(counts, await store.recordImport(batch));
      at += size;
      done += size;
      onStep(dry ? 'count' : 'write', done / all);
    }
    parts.push({ instrument, kind, rows, from, to, ...counts });
  }
  return { ...parts.reduce<ImportCounts>(sum, NONE), parts, loaded, cancelled: cancelled.aborted };
}

const NONE: ImportCounts = { added: 0, known: 0, completed: 0, conflicts: 0 };
const sum = (a: ImportCounts, b: ImportCounts): ImportCounts => ({
  added: a.added + b.added,
  known: a.known + b.known,
  completed: a.completed + b.completed,
  conflicts: a.conflicts + b.conflicts,
});

const many = (n: number): string => n.toLocaleString('en');

/** "adds 12,040, known 3,001, conflicts 2, refused 5": what became of the lines, or would. */
export function outcomeWords({ added, known, conflicts, loaded }: ImportOutcome, dry: boolean): string {
  return `${dry ? 'adds' : 'added'} ${many(added)}, known ${many(known)}, conflicts ${many(conflicts)}, refused ${many(loaded.refused)}`;
}

/** What else there is to say of it, a sentence each. */
export function outcomeNotes({ completed, loaded, cancelled }: ImportOutcome): string[] {
  const { left, between, refuted } = loaded;
  return [
    ...(completed > 0 ? [`${many(completed)} known rows get a mark, an index or an interval that they lacked.`] : []),
    ...(left > 0 ? [`${many(left)} cells that cannot be are left out; their lines are kept.`] : []),
    ...(between > 0 ? [`${many(between)} prices between the hours are not kept: the history holds one price an hour, at its close.`] : []),
    ...(refuted > 0 ? [`${many(refuted)} lines state a longer interval than lies between the settlements: the distance is taken.`] : []),
    ...(cancelled ? ['Cancelled: what was written stays. The same file again goes on from there.'] : []),
  ];
}
