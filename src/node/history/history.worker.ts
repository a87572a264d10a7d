import { dirname, join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { seal } from '../backup/backup-file.ts';
import { checkFolder } from '../backup/check.ts';
import { PERSON_FILE, personParts } from '../backup/files.ts';
import { asHistoryError } from './errors.ts';
import { damageIn } from './open-file.ts';
import { toPlain, type WorkerMessage, type WorkerStart } from './protocol.ts';
import { ReadonlyHistory } from './readonly-history.ts';
import { surveyOf } from './survey.ts';
import { serveStore } from './serve-store.ts';
import { SqliteHistory } from './sqlite-history.ts';

const { role, file, kind, now: startedAt, sealed } = workerData as WorkerStart;

function makeSealed(): string {
  if (sealed === undefined) throw new Error('seal: no copy is named');
  const { copy, path, version } = sealed;
  seal(copy, path, { kind, madeAt: startedAt, version, parts: personParts(dirname(file)) });
  return path;
}

/** Answers once and ends. */
function once(work: () => unknown): WorkerMessage {
  try {
    return { type: 'answer', id: 0, value: work(), place: null };
  } catch (error) {
    return { type: 'failed', error: toPlain(asHistoryError(error, file)) };
  }
}

if (role === 'check') parentPort?.postMessage(once(() => damageIn(file, kind, true)));
else if (role === 'full-check')
  parentPort?.postMessage(once(() => checkFolder({ database: file, person: join(dirname(file), PERSON_FILE) }, kind, true)));
else if (role === 'survey') parentPort?.postMessage(once(() => surveyOf(file)));
else if (role === 'seal') parentPort?.postMessage(once(makeSealed));
else
  serveStore(
    ({ log, now }) => (role === 'write' ? new SqliteHistory({ file, kind, log, now }) : new ReadonlyHistory({ file, kind, now })),
    startedAt,
  );
