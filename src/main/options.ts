import { parseArgs } from 'node:util';
import { type Flags, parseFlags } from '#node/flags.ts';

const own = {
  'data-dir': { type: 'string' },
  demo: { type: 'boolean' },
  'demo-speed': { type: 'string' },
  history: { type: 'string' },
  archive: { type: 'string' },
} as const;

/**
 * Our own flags out of a command line that also holds Chromium's and the system's (`--ozone-platform=wayland`).
 * Throws FlagError that names the flag; the launcher has refused unknown ones before.
 */
export function readOptions(args: readonly string[], cwd: string): Pick<Flags, 'dataDir' | 'demo' | 'history' | 'archive'> {
  const { tokens } = parseArgs({ args: [...args], options: own, strict: false, allowPositionals: true, tokens: true });
  const ours = tokens.flatMap((token) => {
    if (token.kind !== 'option' || !Object.hasOwn(own, token.name)) return [];
    return [token.value === undefined ? token.rawName : `${token.rawName}=${token.value}`];
  });
  return parseFlags(ours, cwd);
}
