import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { InstrumentId } from '#domain/instrument.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { SqlitePerson } from '#node/person/sqlite-person.ts';
import { factsOf } from '#node/person/words.ts';

const HOST = resolve(import.meta.dirname, '../../out/main/web.js');

export interface Host {
  readonly url: string;
  readonly child: ChildProcess;
}

/** The built app over a folder, once it says where its page is. */
export async function startHost(dataDir: string, env: Readonly<Record<string, string>>): Promise<Host> {
  if (!existsSync(HOST)) throw new Error('This measures the built app: run `npx electron-vite build` first.');
  const child = spawn(process.execPath, [HOST, '--data-dir', dataDir], {
    env: { ...process.env, XDG_CONFIG_HOME: join(dataDir, 'decoy'), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { url, child };
}

/** Returns once it has ended. */
export async function endHost({ child }: Host): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Writes the file of a person who has one list. */
export function keepList(dataDir: string, items: readonly InstrumentId[]): void {
  const { thresholds, ownThresholds, alerts } = defaultSettings([]);
  const person = new SqlitePerson({
    ...{ file: join(dataDir, 'person.sqlite'), kind: 'live', log: { write: () => undefined }, now: () => Date.now() },
    old: { facts: [], history: join(dataDir, 'history.sqlite') },
  });
  const list = { id: 'one', name: 'One', assets: [], seeded: [], items: [...items] };
  person.keep(factsOf({ lists: [list], thresholds, ownThresholds, alerts }));
  person.close();
}
