import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { personFields } from '#bridge/settings.ts';
import type { ListLook } from '#bridge/lists.ts';
import { UserError } from '#bridge/errors.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { importLists } from '#core/list-import.ts';
import type { Log } from '#core/ports/log.ts';
import { readListFile } from '#domain/import/list-file.ts';
import type { DataPaths } from '#node/data-dir.ts';
import { acquireLock } from '#node/lock.ts';
import { openPerson } from '#node/person/open-person.ts';
import { readSettingsFile, settingsPath } from '#node/settings-files.ts';
import { allVenues, createVenues } from '#node/venues/index.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type Answer, EXIT } from './command.ts';
import type { ImportRequest } from './import-args.ts';
import { withStoredHistory } from './stored-history.ts';
import { UsageError } from './usage.ts';

/** Files of watchlists into the lists of a data folder. */

/** Larger files are no lists. */
const MOST_BYTES = 1_000_000;
const SHOWN = 20;
const silent: Log = { write: () => undefined };

/** The text of a file of lists; null: it is none, but a table of values. */
export function listTextOf(path: string): string | null {
  if (statSync(path).size > MOST_BYTES) return null;
  const text = readFileSync(path, 'utf8');
  return readListFile(text) === null ? null : text;
}

interface Told {
  readonly file: string;
  readonly look: ListLook;
}

export async function importListFiles(
  texts: readonly { readonly file: string; readonly text: string }[],
  { list, dry, yes, demo, dataDir }: ImportRequest,
  paths: DataPaths,
): Promise<Answer> {
  const venues = demo ? createVenues() : allVenues();
  const isDry = dry || !yes;
  const known = await withStoredHistory({ dataDir, demo, shared: null, archive: null, asOf: null }, ({ history }) => history.instruments());
  const lock = acquireLock(paths.dir, { shell: 'import', version: packageJson.version }, 'person');
  try {
    const person = await openPerson({
      file: paths.person,
      demo,
      log: silent,
      now: () => Date.now(),
      defaults: defaultSettings(venues),
      outgrown: listsOfSettings(paths.dir),
      history: paths.database,
      mine: () => lock.keep(),
    });
    try {
      const told: Told[] = [];
      for (const { file, text } of texts) {
        const found = importLists({ file: basename(file), text, name: list ?? '' }, person.current.lists, known, venues, isDry);
        if (found === null) continue;
        if (!isDry) {
          person.update((before) => ({ ...before, lists: [...found.lists] }));
          await person.flush();
        }
        told.push({ file, look: found.look });
      }
      return answerOf(told, dry, yes);
    } catch (error) {
      if (error instanceof UserError) throw new UsageError(error.message);
      throw error;
    } finally {
      await person.close();
    }
  } finally {
    lock.release();
  }
}

/** What an older version kept of the person in settings.json, so that none of it is lost by another file's coming first. */
function listsOfSettings(dir: string): Record<string, unknown> | null {
  const read = readSettingsFile(settingsPath(dir));
  const data = read.kind === 'whole' ? read.data : {};
  const found = Object.keys(personFields).flatMap((name) => (Object.hasOwn(data, name) ? [[name, data[name]] as const] : []));
  return found.length === 0 ? null : Object.fromEntries(found);
}

function answerOf(told: readonly Told[], dry: boolean, yes: boolean): Answer {
  const answer = {
    data: { written: yes && !dry, files: told.map(({ file, look }) => ({ file, ...look })) },
    text: () => told.flatMap((one) => [...shown(one)]).join('\n'),
  };
  if (!dry && !yes) return { ...answer, exit: EXIT.incomplete, error: 'Nothing is written. Say --yes to import it.' };
  const refused = told.reduce((n, { look }) => n + look.refused.length, 0);
  if (refused === 0) return answer;
  return { ...answer, exit: EXIT.incomplete, error: `${refused.toLocaleString('en')} entries are refused; the others are not.` };
}

function* shown({ file, look }: Told): Generator<string> {
  yield `${file}: watchlists`;
  for (const { name, isNew, adds, known, sections } of look.lists)
    yield `  ${name}${isNew ? ' (new)' : ''}: ${look.dry ? 'adds' : 'added'} ${adds}, known ${known}${sections.length > 0 ? `; sections ${sections.join(', ')}` : ''}`;
  for (const { entry, text, instrument, section } of look.entries.slice(0, SHOWN))
    yield `  entry ${entry}: ${text}  ->  ${instrument}${section === null ? '' : ` under ${section}`}`;
  if (look.entries.length > SHOWN) yield `  and ${look.entries.length - SHOWN} more`;
  for (const { entry, line, reason } of look.refused) yield `  entry ${entry}, line ${line} refused: ${reason}`;
  yield `  ${look.words}`;
}
