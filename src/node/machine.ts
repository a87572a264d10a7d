import { open } from 'node:fs/promises';
import { homedir, hostname, release, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '#core/ports/machine.ts';
import { redact } from './log.ts';

/** How much of the log's end goes into a report, and how many lines of it. */
const TAIL_BYTES = 64 * 1024;
const TAIL_LINES = 100;

export interface MachineOptions {
  readonly dataDir: string;
  readonly logs: string;
  /** Of all processes of the program; absent: this one, whose workers are threads of it. */
  readonly memory?: (() => number) | undefined;
}

/** Electron is several processes, which share what each of them is counted with. */
const WHOLE_APP = 3_000_000_000;
const ONE_PROCESS = 1_500_000_000;

export function createMachine({ dataDir, logs, memory }: MachineOptions): Machine {
  const { node, v8, electron, chrome } = process.versions as Readonly<Record<string, string | undefined>>;
  const versions = { node, v8, electron, chrome, system: `${process.platform} ${release()} ${process.arch}` };
  return {
    versions: Object.fromEntries(Object.entries(versions).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    memory: memory ?? (() => process.memoryUsage.rss()),
    memoryLimit: memory === undefined ? ONE_PROCESS : WHOLE_APP,
    logTail: () => tailOf(join(logs, 'perpscope.log')),
    withoutPlaces: (text) => withoutPlaces(text, { dataDir, home: homedir(), user: userInfo().username, machine: hostname() }),
  };
}

async function tailOf(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const bytes = Buffer.alloc(size - from);
    await handle.read(bytes, 0, bytes.length, from);
    const lines = bytes.toString('utf8').trimEnd().split('\n');
    // The first one is a rest of a line where the log is longer.
    return (from > 0 ? lines.slice(1) : lines).slice(-TAIL_LINES).join('\n');
  } finally {
    await handle.close();
  }
}

export interface Places {
  readonly dataDir: string;
  readonly home: string;
  readonly user: string;
  readonly machine: string;
}

/** As it stands, and as JSON writes it. */
const spellings = (path: string): string[] => [JSON.stringify(path).slice(1, -1), path];

/** `name` as `word`, but not within a longer word. */
function renamed(text: string, name: string, word: string): string {
  const [first = '', ...rest] = text.split(name);
  return rest.reduce((out, part) => {
    const within = /[\p{L}\p{N}]$/u.test(out.slice(-2)) || /^[\p{L}\p{N}]/u.test(part);
    return `${out}${within ? name : word}${part}`;
  }, first);
}

/** The person's folders, name and machine out of a text, with passwords in addresses; folders of others on this machine too. */
export function withoutPlaces(text: string, { dataDir, home, user, machine }: Places): string {
  // The longest first: the data folder lies in the home.
  const named = [...spellings(dataDir).map((path) => [path, '<data>'] as const), ...spellings(home).map((path) => [path, '~'] as const)];
  let out = redact(text);
  for (const [path, word] of named) if (path.length > 1) out = out.replaceAll(path, word);
  out = out.replace(/(?<=\/(?:home|Users)\/|[A-Za-z]:\\{1,2}Users\\{1,2})[^\s/\\"':]+/gu, '<user>');
  for (const [name, word] of [
    [machine, '<machine>'],
    [user, '<user>'],
  ] as const)
    if (name.length > 2) out = renamed(out, name, word);
  return out;
}
