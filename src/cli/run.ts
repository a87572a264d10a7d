import { parseArgs } from 'node:util';
import { z } from 'zod';
import { calculators, type Answer } from './calculators.ts';
import { runEvidence } from './evidence.ts';
import type { Io } from './io.ts';
import { runMetrics } from './metrics.ts';
import { readJson, type JsonInput } from './json-input.ts';
import { plainJson, readable } from './text.ts';
import { untilSignalled } from './until-signalled.ts';
import { UsageError } from './usage.ts';

export const HELP = `Usage: npm run -s perpscope -- <calculator> [file] [--json | --schema]
       npm run -s perpscope -- metrics --help
       npm run -s perpscope -- evidence --help
       npm run -s perpscope -- export --help
       npm run -s perpscope -- collect --help

${Object.entries(calculators)
  .map(([name, { about }]) => `  ${name.padEnd(12)} ${about}`)
  .join('\n')}

Inputs are JSON, from the file or from standard input; numbers with many digits may be text.
  --json     every output with its formula and the formula's inputs, as JSON
  --schema   the JSON schema of what the calculator takes
  --help     this text

Exit code: 0 with figures, 1 when an input has to be put right, 2 when nothing could be read.`;

const USAGE = 2;

/** One command. Returns the exit code; a fault of the inputs is said in words, never as a stack. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  if (args[0] === 'metrics') return runMetrics(args.slice(1), io);
  if (args[0] === 'evidence') return runEvidence(args.slice(1), io);
  if (args[0] === 'export') {
    // better-sqlite3 is loaded only by those who ask for the history.
    const { runExport } = await import('./export.ts');
    return runExport(args.slice(1), io);
  }
  if (args[0] === 'collect') {
    // better-sqlite3 and the venues are loaded only by those who collect.
    const { runCollect } = await import('./collect.ts');
    return runCollect(args.slice(1), io, untilSignalled());
  }
  const asked = readArgs(args);
  if (typeof asked === 'string') {
    io.err(`${asked}\n\n${HELP}`);
    return USAGE;
  }
  const { name, file, json, schema, help } = asked;
  if (help) {
    io.out(HELP);
    return 0;
  }
  const calculator = calculators[name];
  if (calculator === undefined) {
    io.err(`${name === '' ? 'No calculator is named.' : `There is no calculator "${name}".`}\n\n${HELP}`);
    return USAGE;
  }
  if (schema) {
    io.out(JSON.stringify(z.toJSONSchema(calculator.schema, { io: 'input' }), null, 2));
    return 0;
  }
  const input = await readInput(file, io);
  if (input === null) return USAGE;
  const found = input.problems.length > 0 ? { problems: input.problems } : calculator.answer(input.value);
  const answer: Answer = 'answer' in found ? found.answer : { problems: found.problems, figures: {} };
  io.out(json ? plainJson(answer) : readable(answer));
  return answer.problems.length === 0 ? 0 : 1;
}

interface Asked {
  readonly name: string;
  readonly file: string | null;
  readonly json: boolean;
  readonly schema: boolean;
  readonly help: boolean;
}

const flags = { json: { type: 'boolean' }, schema: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

function readArgs(args: readonly string[]): Asked | string {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true });
    const [name = '', file = null, ...rest] = positionals;
    if (rest.length > 0) return `Too many arguments: ${rest.join(' ')}.`;
    return {
      name,
      file: file === '-' ? null : file,
      json: values.json ?? false,
      schema: values.schema ?? false,
      help: values.help ?? false,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function readInput(file: string | null, io: Io): Promise<JsonInput | null> {
  const where = file ?? 'Standard input';
  try {
    return readJson(await io.read(file), where);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    io.err(error instanceof UsageError ? why : `${where} cannot be read: ${why}`);
    return null;
  }
}
