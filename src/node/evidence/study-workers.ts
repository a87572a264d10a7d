import type { Worker } from 'node:worker_threads';
import { UserError } from '#bridge/errors.ts';
import type { Cancellation } from '#core/ports/clock.ts';
import { type SeeStudy, type Studies, StudyCancelled } from '#core/ports/studies.ts';
import type { StudyHistory, StudyMessage, StudyStart } from './protocol.ts';
import { startStudyWorker } from './start-worker.ts';

/** A long study and the count beside a threshold; more would take the processor from the app. */
const MOST_WORKERS = 2;

/** Studies in workers of their own, on connections that only read. A cancelled one ends with its worker, whatever it is at. */
export function createStudyWorkers(history: StudyHistory): Studies {
  /** Started, and at nothing. */
  const idle = new Set<Worker>();
  const working = new Set<Worker>();
  let waiting: (() => void)[] = [];
  let running = 0;
  let closed = false;

  async function turn(cancelled: Cancellation): Promise<void> {
    while (running >= MOST_WORKERS && !cancelled.aborted && !closed)
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        cancelled.addEventListener('abort', () => resolve(), { once: true });
      });
    if (cancelled.aborted || closed) throw new StudyCancelled();
    running++;
  }
  function wake(): void {
    const all = waiting;
    waiting = [];
    for (const one of all) one();
  }
  async function taken(): Promise<Worker> {
    const [first] = idle;
    if (first === undefined) {
      const worker = await startStudyWorker();
      // Also while it is at nothing: an error without a listener would end the app.
      for (const end of ['exit', 'error']) worker.on(end, () => idle.delete(worker));
      return worker;
    }
    idle.delete(first);
    return first;
  }

  async function worked(work: StudyStart['work'], see: SeeStudy, cancelled: Cancellation): Promise<Answered> {
    await turn(cancelled);
    try {
      const worker = await taken();
      working.add(worker);
      try {
        const answered = await answerOf(worker, { history, work }, see, cancelled);
        if (!closed) idle.add(worker);
        return answered;
      } catch (error) {
        await worker.terminate();
        throw closed ? new StudyCancelled() : error;
      } finally {
        working.delete(worker);
      }
    } finally {
      running--;
      wake();
    }
  }

  return {
    async run(job, see, cancelled) {
      const answered = await worked({ kind: 'study', job }, see, cancelled);
      if (answered.type !== 'answer') throw new Error('a study was answered as a sort');
      return answered.result;
    },
    async sort(job, see, cancelled) {
      const answered = await worked({ kind: 'deciles', job }, see, cancelled);
      if (answered.type !== 'deciles') throw new Error('a sort was answered as a study');
      return answered.report;
    },
    async close() {
      closed = true;
      wake();
      await Promise.all([...idle, ...working].map((worker) => worker.terminate()));
      idle.clear();
    },
  };
}

type Answered = Extract<StudyMessage, { readonly type: 'answer' | 'deciles' }>;

/** One study by a worker that is at nothing. Its own listeners alone are taken off again: a worker has others. */
function answerOf(worker: Worker, start: StudyStart, see: SeeStudy, cancelled: Cancellation): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const over = (end: () => void): void => {
      cancelled.removeEventListener('abort', cancel);
      worker.off('message', take).off('error', fail).off('exit', exit);
      end();
    };
    const cancel = (): void => over(() => reject(new StudyCancelled()));
    const fail = (error: unknown): void => over(() => reject(error instanceof Error ? error : new Error(String(error))));
    const exit = (code: number): void => fail(new Error(`the worker of the study ended with ${code}`));
    const take = (message: StudyMessage): void => {
      if (message.type === 'progress') see(message.share, message.doing);
      else if (message.type !== 'failed') over(() => resolve(message));
      else if (message.failure.code === 'internal') fail(new Error(message.failure.message));
      else fail(new UserError(message.failure.code, message.failure.message));
    };
    worker.on('message', take).on('error', fail).on('exit', exit);
    cancelled.addEventListener('abort', cancel, { once: true });
    if (cancelled.aborted) cancel();
    else worker.postMessage(start);
  });
}
