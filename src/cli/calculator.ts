import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Answer as Calculated, Calculator } from './calculators.ts';
import { type Answer, type Command, EXIT, EXIT_HELP } from './command.ts';
import type { Io } from './io.ts';
import { readJson, type JsonInput } from './json-input.ts';
import { readable, shortened } from './text.ts';
import { UsageError } from './usage.ts';

const help = (name: string, about: string): string => `Usage: npm run -s perpscope -- ${name} [file] [--json | --fields A,B | --schema]

${about[0]?.toUpperCase() ?? ''}${about.slice(1)}. Inputs are JSON, from the file or from standard input; numbers with many digits may be text.

  --json          every output with its formula and the formula's inputs
  --fields A,B    only these of them, such as figures.liquidation.value
  --schema        the JSON schema of what it takes
  --help          this text

Example: npm run -s perpscope -- ${name} ${name}.json --json

${EXIT_HELP}`;

/** A calculator as a command. */
export const calculatorCommand = (name: string, calculator: Calculator): Command => ({
  name,
  help: help(name, calculator.about),
  run: (args, io) => calculate(calculator, args, io),
});

async function calculate(calculator: Calculator, args: readonly string[], io: Io): Promise<Answer> {
  const { file, schema } = readArgs(args);
  if (schema) {
    const found = z.toJSONSchema(calculator.schema, { io: 'input' });
    return { data: found, text: () => JSON.stringify(found, null, 2) };
  }
  const input = await readInput(file, io);
  const found = input.problems.length > 0 ? { problems: input.problems } : calculator.answer(input.value);
  const answer: Calculated = 'answer' in found ? found.answer : { problems: found.problems, figures: {} };
  const known = { data: shortened(answer), text: () => readable(answer) };
  const wrong = answer.problems.length;
  if (wrong === 0) return known;
  return { ...known, exit: EXIT.incomplete, error: `${wrong === 1 ? 'One input has' : `${wrong} inputs have`} to be put right.` };
}

function readArgs(args: readonly string[]): { readonly file: string | null; readonly schema: boolean } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: { schema: { type: 'boolean' } }, allowPositionals: true });
    const [file = null, ...more] = positionals;
    if (more.length > 0) throw new UsageError(`Too many arguments: ${more.join(' ')}. Name one file, or none for standard input.`);
    return { file: file === '-' ? null : file, schema: values.schema ?? false };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${error.message.split(/\.\s|\.?\n/u)[0] ?? ''}. --help lists the flags.`);
  }
}

async function readInput(file: string | null, io: Io): Promise<JsonInput> {
  const where = file ?? 'Standard input';
  try {
    return readJson(await io.read(file), where);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${where} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
