import { parentPort } from 'node:worker_threads';
import { UserError } from '#bridge/errors.ts';
import { answerStudy } from '#core/read/evidence/answer.ts';
import { answerDeciles } from '#core/read/evidence/deciles.ts';
import type { SeeStudy } from '#core/ports/studies.ts';
import { HistoryError, messageOf } from '../history/errors.ts';
import { promisedReads } from '../history/promised-reads.ts';
import { ReadonlyHistory } from '../history/readonly-history.ts';
import { venueFormulas } from '../venues/index.ts';
import type { ArchivedReads } from '../archive/archived-reads.ts';
import type { Shared } from '../postgres/open-readonly.ts';
import type { StudyFailure, StudyMessage, StudyStart } from './protocol.ts';

/** Words and shares are for eyes: not more often than this. */
const TELL_MS = 100;

const post = (message: StudyMessage): void => parentPort?.postMessage(message);
const formulas = venueFormulas();

/** Loaded only for a desk's history. */
async function readPostgres(shared: Shared, now: () => number): Promise<ArchivedReads> {
  const { openReadonly } = await import('../postgres/open-readonly.ts');
  return openReadonly(shared, now);
}

/** One study at a time, each on a connection of its own: the file may be another one by the next. */
async function answer({ history: where, work }: StudyStart): Promise<StudyMessage> {
  const now = (): number => work.job.now;
  const history = 'target' in where ? await readPostgres(where, now) : new ReadonlyHistory({ ...where, now });
  try {
    let told = -Infinity;
    const see: SeeStudy = (share, doing) => {
      if (performance.now() - told < TELL_MS) return;
      told = performance.now();
      post({ type: 'progress', share, doing });
    };
    const reads = promisedReads(history);
    if (work.kind === 'deciles') return { type: 'deciles', report: await answerDeciles(reads, work.job, formulas, see) };
    return { type: 'answer', result: await answerStudy(reads, work.job, formulas, see) };
  } finally {
    history.close();
  }
}

function failureOf(error: unknown): StudyFailure {
  if (error instanceof UserError) return { code: error.code, message: error.message };
  if (error instanceof HistoryError) return { code: 'storage', message: error.user };
  return { code: 'internal', message: messageOf(error) };
}

parentPort?.on('message', (start: StudyStart) => {
  answer(start).then(post, (error: unknown) => post({ type: 'failed', failure: failureOf(error) }));
});
