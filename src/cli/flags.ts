import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './usage.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** The flags of a command. Throws UsageError that says which flag is wrong, is given twice or does not exist. */
export function parseFlags<const O extends Options>(args: readonly string[], options: O) {
  try {
    const { values, tokens } = parseArgs({ args: [...args], options, allowPositionals: false, strict: true, tokens: true });
    const named: readonly string[] = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
    const once = Object.entries(options).filter(([, option]) => option.multiple !== true && option.type === 'string');
    const twice = once.find(([name]) => named.indexOf(name) !== named.lastIndexOf(name));
    if (twice !== undefined) throw new UsageError(`--${twice[0]} is given twice.`);
    return values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's first sentence names the flag; the others give advice that is of no use here.
    const flags = Object.keys(options).map((name) => `--${name}`);
    throw new UsageError(`${error.message.split(/\.\s|\.?\n/u)[0] ?? ''}. There are ${flags.join(', ')}.`);
  }
}
