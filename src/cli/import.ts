import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ImporterOptions, type ImportOutcome, look, type Look, outcomeNotes, outcomeWords, runImport } from '#core/imports.ts';
import { ImportError, type ImportTable, type RefusedLine } from '#core/ports/import.ts';
import type { Log } from '#core/ports/log.ts';
import { assertUsable, dataPaths, defaultDataDir } from '#node/data-dir.ts';
import { csvText } from '#node/export/table-file.ts';
import { HistoryError } from '#node/history/errors.ts';
import { openHistory } from '#node/history/open.ts';
import { openImport } from '#node/import/open-import.ts';
import { acquireLock } from '#node/lock.ts';
import { allVenues, createVenues } from '#node/venues/index.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { FLAG_OF, IMPORT_HELP, type ImportRequest, readImportArgs } from './import-args.ts';
import { importListFiles, listTextOf } from './import-lists.ts';
import { type Answer, type Command, EXIT } from './command.ts';
import type { Io } from './io.ts';
import { untilSignalled } from './until-signalled.ts';
import { UsageError } from './usage.ts';

/** Lines that are shown with what they become. */
const PREVIEWED = 5;
/** Refused lines that are shown, and that are asked for at once. */
const SHOWN = 10;
const REFUSED_AT_ONCE = 20_000;

const silent: Log = { write: () => undefined };

/** Files into the local history; Ctrl-C ends it between two batches. */
export const importing: Command = {
  name: 'import',
  help: IMPORT_HELP,
  run: (args, io) => importFiles(readImportArgs(args), io, untilSignalled()),
};

/** One file as the answer tells of it. */
interface Told {
  readonly file: string;
  readonly seen: Look | null;
  readonly outcome: ImportOutcome | null;
  readonly refused: readonly RefusedLine[];
  readonly fault: string | null;
}

export async function importFiles(request: ImportRequest, io: Io, ending: AbortSignal): Promise<Answer> {
  const { files, demo } = request;
  for (const file of files)
    if (!(await stat(file).catch(() => null))?.isFile()) throw new UsageError(`${file} cannot be read: there is no such file.`);
  const dataDir = request.dataDir === null ? defaultDataDir(process.env) : resolve(request.dataDir);
  assertUsable(dataDir, demo);
  const paths = dataPaths(dataDir, demo);
  const lists = files.flatMap((file) => {
    const text = listTextOf(file);
    return text === null ? [] : [{ file, text }];
  });
  if (lists.length === files.length) return importListFiles(lists, request, paths);
  if (lists[0] !== undefined)
    throw new UsageError(`${lists[0].file} is a file of watchlists, others are tables. Import them one after the other.`);
  if (request.list !== null) throw new UsageError('--list is for files of watchlists; these are tables.');
  const lock = acquireLock(paths.dir, { shell: 'import', version: packageJson.version });
  try {
    const now = (): number => Date.now();
    const store = await openHistory({ file: paths.database, demo, log: silent, now, mine: () => lock.keep() });
    try {
      const unwritten = await store.unwritten();
      if (unwritten !== null) throw new HistoryError('unwritable', unwritten);
      const venues = demo ? createVenues() : allVenues();
      const told: Told[] = [];
      for (const file of files) told.push(await importFile(file, { store, now, venues }, request, io, ending));
      return answerOf(told, request);
    } finally {
      await store.close();
    }
  } finally {
    lock.release();
  }
}

async function importFile(file: string, options: ImporterOptions, request: ImportRequest, io: Io, ending: AbortSignal): Promise<Told> {
  const dry = request.dry || !request.yes;
  const table = openImport(file, basename(file), { now: options.now, log: silent });
  const onStep = (step: string, share: number): void =>
    io.status?.(`${basename(file)}: ${STEPS[step] ?? step} ${Math.round(share * 100)} %`);
  let seen: Look | null = null;
  try {
    seen = await look(options, { table, opened: await table.open() }, request.wishes, onStep, ending);
    if (seen.questions.length > 0) return { file, seen, outcome: null, refused: [], fault: null };
    const outcome = await runImport(options, table, seen, { dry, wishes: request.wishes }, onStep, ending);
    const refused = await table.refused(0, REFUSED_AT_ONCE);
    if (request.refused !== null) await saveRefused(request.refused, table);
    return { file, seen, outcome, refused, fault: null };
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
    return { file, seen, outcome: null, refused: [], fault: error.message };
  } finally {
    await table.close();
  }
}

const STEPS: Readonly<Record<string, string>> = { read: 'looking', load: 'reading', count: 'counting', write: 'writing' };

const utc = (ms: number | null): string => (ms === null || Number.isNaN(ms) ? '' : new Date(ms).toISOString().replace('.000Z', 'Z'));

function* shown({ file, seen, outcome, refused }: Told, dry: boolean): Generator<string> {
  if (seen === null) return;
  yield `${file}: ${seen.opened.format}, ${seen.facts.lines.toLocaleString('en')} lines`;
  for (const note of seen.notes) yield `  ${note}`;
  for (const { line, symbol, time, becomes, refused: why, cells } of seen.preview.slice(0, PREVIEWED)) {
    const values = Object.entries(becomes).map(([name, value]) => `${name} ${value}`);
    const result = why === null ? `${[symbol, utc(time)].filter((one) => one !== '').join(' ')}  ${values.join(', ')}` : `refused: ${why}`;
    yield `  line ${line}: ${cells.join(' | ').slice(0, 100)}  ->  ${result}`;
  }
  if (outcome === null) return;
  for (const { instrument, kind, rows, from, to, added } of outcome.parts.slice(0, SHOWN))
    yield `  ${instrument.id} ${kind}: ${rows.toLocaleString('en')} rows ${utc(from)} to ${utc(to)}, ${dry ? 'adds' : 'added'} ${added.toLocaleString('en')}`;
  if (outcome.parts.length > SHOWN) yield `  and ${outcome.parts.length - SHOWN} more`;
  for (const { line, reason, kept } of refused.slice(0, SHOWN)) yield `  line ${line}${kept ? ', a cell left out' : ' refused'}: ${reason}`;
  if (refused.length > SHOWN) yield '  All refused lines: --refused FILE.';
  for (const note of outcomeNotes(outcome)) yield `  ${note}`;
  yield `  ${outcomeWords(outcome, dry)}`;
}

/** What has to be said before a file can be imported. */
const openOf = ({ file, seen, fault }: Told): string[] => [
  ...(fault === null ? [] : [`${file}: ${fault}`]),
  ...(seen?.questions ?? []).map(
    ({ field, text, choices }) =>
      `${file}: ${text} ${FLAG_OF[field]}${choices.length > 0 && choices.length <= 4 ? ` ${choices.map(({ value }) => value).join(' or ')}` : ''}`,
  ),
];

function answerOf(told: readonly Told[], { dry, yes }: ImportRequest): Answer {
  const isWritten = !dry && yes;
  const open = told.flatMap(openOf);
  const answer = {
    data: { written: isWritten, files: told.map(plain) },
    text: () => told.flatMap((one) => [...shown(one, !isWritten)]).join('\n'),
  };
  if (open.length > 0) return { ...answer, exit: EXIT.usage, error: open.join('\n') };
  if (told.some(({ outcome }) => outcome?.cancelled === true))
    return { ...answer, exit: EXIT.cancelled, error: 'Cancelled: what was written stays. The same file again goes on from there.' };
  if (!dry && !yes) return { ...answer, exit: EXIT.incomplete, error: 'Nothing is written. Say --yes to import it.' };
  const refused = told.reduce((n, { outcome }) => n + (outcome?.loaded.refused ?? 0), 0);
  if (refused === 0) return answer;
  return { ...answer, exit: EXIT.incomplete, error: `${refused.toLocaleString('en')} lines are refused; the others are not.` };
}

const plain = ({ file, seen, outcome, refused, fault }: Told) => ({
  file,
  sha256: seen?.opened.file.sha256 ?? null,
  format: seen?.opened.format ?? null,
  lines: seen?.facts.lines ?? null,
  fault,
  questions:
    seen?.questions.map(({ field, text, choices }) => ({ flag: FLAG_OF[field], text, choices: choices.map(({ value }) => value) })) ?? [],
  notes: [...(seen?.notes ?? []), ...(outcome === null ? [] : outcomeNotes(outcome))],
  preview: seen?.preview ?? [],
  adds: outcome?.added ?? null,
  known: outcome?.known ?? null,
  completed: outcome?.completed ?? null,
  conflicts: outcome?.conflicts ?? null,
  refused: outcome?.loaded.refused ?? null,
  cancelled: outcome?.cancelled ?? false,
  refusedLines: refused,
  parts: outcome?.parts.map(({ instrument, ...part }) => ({ instrument: instrument.id, ...part })) ?? [],
});

async function saveRefused(path: string, table: ImportTable): Promise<void> {
  async function* rows(): AsyncGenerator<string> {
    yield 'line,left_out,reason\n';
    for (let from = 0; ; from += REFUSED_AT_ONCE) {
      const lines = await table.refused(from, REFUSED_AT_ONCE);
      if (lines.length === 0) return;
      yield lines.map(({ line, reason, kept }) => `${line},${kept ? 'cell' : 'line'},${csvText(reason)}\n`).join('');
    }
  }
  try {
    await pipeline(Readable.from(rows()), createWriteStream(path, { flags: 'wx' }));
  } catch (error) {
    if (error instanceof ImportError) throw error;
    throw new UsageError(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
