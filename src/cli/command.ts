import { parseFieldList, picked } from './fields.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage.ts';

/** The exit codes of every command. */
export const EXIT = { done: 0, incomplete: 1, usage: 2, locked: 3, unusable: 4, cancelled: 130 } as const;

/** In the help of every command. */
export const EXIT_HELP = `Exit code: 0 done; 1 done, but something is missing or wrong, as it says; 2 it was not asked as it can be; 3 another Perpscope
has the folder; 4 the folder or a file in it cannot be used; 130 ended by Ctrl-C.`;

/** What a command found. */
export interface Answer {
  /** `data` of --json: an object, or an array of rows. */
  readonly data: unknown;
  /** The same for a person, on standard output; '' or absent: nothing. */
  readonly text?: () => string;
  /** What must be known of how it came about, on standard error. */
  readonly notes?: readonly string[];
  /** Of EXIT; 0 unless given. */
  readonly exit?: number;
  /** Why the code is not 0, as a sentence that says what to do. */
  readonly error?: string;
}

export interface Command {
  readonly name: string;
  /** Ends with an example and EXIT_HELP. */
  readonly help: string;
  /** `args` without --json (`json`: it is asked for), --fields and --help. Throws UsageError, LockedError, HistoryError and their like: they become sentence and code. */
  run(args: readonly string[], io: Io, json: boolean): Promise<Answer>;
}

/** By the name of the error: those who load no database do not load its module either. */
const CODE_OF: Readonly<Record<string, number>> = {
  UsageError: EXIT.usage,
  VenueUrlError: EXIT.usage,
  LockedError: EXIT.locked,
  HistoryError: EXIT.unusable,
  FlagError: EXIT.unusable,
  CancelledError: EXIT.cancelled,
};

/** Ended by the person before it was done; `message` says what holds now. */
export class CancelledError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CancelledError';
  }
}

/** The code and the sentence of an error that is no fault of the program; null: it is one. */
export function failureOf(error: unknown): { readonly exit: number; readonly error: string } | null {
  if (!(error instanceof Error)) return null;
  const exit = CODE_OF[error.name];
  if (exit === undefined) return null;
  return { exit, error: 'user' in error && typeof error.user === 'string' ? error.user : error.message };
}

/** One command with the flags and the envelope that all have in common. Returns the exit code. */
export async function runCommand(command: Command, args: readonly string[], io: Io): Promise<number> {
  const { name } = command;
  const asksJson = args.some((arg) => arg === '--json' || arg.startsWith('--fields'));
  let answer: Answer;
  try {
    const { help, fields, rest } = takeCommon(args);
    if (help) {
      io.out(command.help);
      return EXIT.done;
    }
    answer = await command.run(rest, io, asksJson);
    if (fields !== null) answer = { ...answer, data: picked(answer.data, fields) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    answer = { data: null, ...failure };
  }
  const { exit = EXIT.done, notes = [], error } = answer;
  for (const note of notes) io.err(note);
  if (error !== undefined) io.err(error);
  if (asksJson) io.out(envelope(name, answer));
  else {
    const text = answer.text?.() ?? '';
    if (text !== '') io.out(text);
  }
  return exit;
}

/** What --json prints of every command: whether it was done, what must be known of it, and the answer itself as `data`. */
export function envelope(command: string, { data, notes = [], exit = EXIT.done, error }: Answer): string {
  const head = JSON.stringify({ command, ok: exit === EXIT.done, exit, error: error ?? null, notes }, null, 2).slice(0, -2);
  // A row a line, so that long answers can be read and compared line by line.
  const body = Array.isArray(data)
    ? data.length === 0
      ? '[]'
      : `[\n${data.map((row: unknown) => `    ${JSON.stringify(row, plain)}`).join(',\n')}\n  ]`
    : JSON.stringify(data ?? null, plain, 2).replaceAll('\n', '\n  ');
  return `${head},\n  "data": ${body}\n}`;
}

/** JSON has no NaN and no typed arrays: what is not known is null. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Float64Array) return Array.from(value);
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

interface Common {
  readonly help: boolean;
  readonly fields: readonly string[] | null;
  readonly rest: readonly string[];
}

function takeCommon(args: readonly string[]): Common {
  const rest: string[] = [];
  let help = false;
  let fields: readonly string[] | null = null;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    if (arg === '--help' || arg === '-h') help = true;
    else if (arg === '--fields' || arg.startsWith('--fields=')) {
      if (fields !== null) throw new UsageError('--fields is given twice.');
      fields = parseFieldList(arg === '--fields' ? args[++i] : arg.slice('--fields='.length));
    } else if (arg !== '--json') rest.push(arg);
  }
  return { help, fields, rest };
}
