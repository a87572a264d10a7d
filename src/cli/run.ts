import { calculators } from './calculators.ts';
import { calculatorCommand } from './calculator.ts';
import { type Command, EXIT, EXIT_HELP, runCommand } from './command.ts';
import type { Io } from './io.ts';
import { untilSignalled } from './until-signalled.ts';
import { near } from './usage.ts';

interface Listed {
  readonly about: string;
  /** What only this command needs (SQLite, the venues) is loaded only by those who give it. */
  load(): Promise<Command>;
}

const commands: Readonly<Record<string, Listed>> = {
  ...Object.fromEntries(
    Object.entries(calculators).map(([name, calculator]) => [
      name,
      { about: calculator.about, load: () => Promise.resolve(calculatorCommand(name, calculator)) },
    ]),
  ),
  metrics: { about: 'any metric over a file or the local history', load: async () => (await import('./metrics.ts')).metrics },
  evidence: {
    about: 'whether a rule ever paid, over a file or the local history',
    load: async () => (await import('./evidence.ts')).evidence,
  },
  coverage: {
    about: 'what of the local history is missing, and why',
    load: async () => (await import('./coverage.ts')).covering,
  },
  export: { about: 'rows of the local history as CSV, JSON lines or Parquet', load: async () => (await import('./export.ts')).exporting },
  merge: { about: 'takes the rows of another history into the one of a data folder', load: async () => (await import('./merge.ts')).merge },
  move: {
    about: "a history from a data folder into a desk's PostgreSQL, or from there into a folder",
    load: async () => (await import('./move.ts')).moving,
  },
  archive: {
    about: "old months of a desk's history as Parquet in a folder or on S3",
    load: async () => (await import('./archive.ts')).archive,
  },
  compact: { about: 'rewrites a history without what deleted rows left', load: async () => (await import('./compact.ts')).compact },
  doctor: {
    about: "how a desk's history in PostgreSQL stands: who records, how old the newest is",
    load: async () => (await import('./doctor.ts')).doctor,
  },
  check: { about: 'whether the files of a data folder are whole', load: async () => (await import('./check.ts')).check },
  backup: { about: 'one file with everything of a data folder', load: async () => (await import('./backup.ts')).backup },
  restore: {
    about: 'puts a backup in the place of a data folder, also on another machine',
    load: async () => (await import('./restore.ts')).restoring,
  },
  import: {
    about: 'files of settlements, prices and open interest into the local history',
    load: async () => (await import('./import.ts')).importing,
  },
};

const LINES = [
  ...Object.entries(commands).map(([name, { about }]) => [name, about] as const),
  ['collect', 'records the markets, without a window'] as const,
  ['backfill', 'asks the venues for what is missing of the past, then ends'] as const,
];

export const HELP = `Usage: npm run -s perpscope -- <command> [flags]
       npm run -s perpscope -- <command> --help

${LINES.map(([name, about]) => `  ${name.padEnd(12)} ${about}`).join('\n')}

Of every command:
  --json            one object on standard output: { "command", "ok", "exit", "error", "notes", "data" }. collect and backfill print a
                    line of JSON for everything that happens
  --fields A,B.C    only these fields of "data" (of each row where it is rows); means --json
  --help            what it does, its flags and an example
Progress of what takes long is shown on standard error where that is a terminal.

Example: npm run -s perpscope -- metrics --file settlements.csv --metric total-funding --fields time,value

${EXIT_HELP}`;

/** One command. Returns the exit code; a fault of the inputs is said in words, never as a stack. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const [name = '', ...rest] = args;
  if (name === 'collect') {
    const { runCollect } = await import('./collect.ts');
    return runCollect(rest, io, untilSignalled());
  }
  if (name === 'backfill') {
    const { runBackfill } = await import('./backfill.ts');
    return runBackfill(rest, io, untilSignalled());
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command !== undefined) return runCommand(await command.load(), rest, io);
  if (name === '--help' || name === '-h' || name === 'help') {
    io.out(HELP);
    return EXIT.done;
  }
  const alike = near(
    name,
    LINES.map(([one]) => one),
    1,
  );
  const meant = name !== '' && alike[0] !== undefined ? ` Did you mean ${alike[0]}?` : '';
  io.err(`${name === '' || name.startsWith('-') ? 'No command is named.' : `There is no command "${name}".${meant}`}\n\n${HELP}`);
  return EXIT.usage;
}
