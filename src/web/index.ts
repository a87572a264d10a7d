import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { assertUsable, defaultDataDir } from '#node/data-dir.ts';
import { onEnteredLine } from '#node/entered-lines.ts';
import { type Flags, parseFlags } from '#node/flags.ts';
import { createLifetime } from '#node/lifetime.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { type RunningWeb, runWeb } from './run.ts';

export type { RunningWeb };

/** The app on loopback with a person's flags; `end` is called where it cannot go on. This file is built to out/main/web.js, beside the page in out/renderer. */
export async function serve(flags: Pick<Flags, 'dataDir' | 'demo' | 'history' | 'archive' | 'port'>, end: () => void): Promise<RunningWeb> {
  if (flags.dataDir !== null) assertUsable(flags.dataDir, flags.demo !== null);
  return runWeb({
    dataDir: flags.dataDir ?? defaultDataDir(process.env),
    demo: flags.demo,
    history: flags.history,
    archive: flags.archive,
    port: flags.port,
    version: packageJson.version,
    assetsDir: join(import.meta.dirname, '../renderer'),
    env: process.env,
    end,
  });
}

/** Collecting without a launcher: `node out/main/web.js --port 8080`. A line on standard input asks for another address. */
async function serveAsProcess(): Promise<void> {
  const lifetime = createLifetime();
  try {
    const running = await serve(parseFlags(process.argv.slice(2), process.cwd()), () => void lifetime.end(1));
    lifetime.onEnd(() => running.close());
    const tell = (): void => void process.stdout.write(`${running.newUrl()}\n`);
    tell();
    onEnteredLine(tell);
    await running.opened;
  } catch (error) {
    process.stderr.write(`perpscope: ${error instanceof Error ? error.message : String(error)}\n`);
    await lifetime.end(1);
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) await serveAsProcess();
