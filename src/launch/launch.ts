import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import open from 'open';
import { visibleLine } from '#domain/shown-text.ts';
import { assertUsable } from '#node/data-dir.ts';
import { onEnteredLine } from '#node/entered-lines.ts';
import { FLAG_HELP, FlagError, type Flags, parseFlags } from '#node/flags.ts';
import { createLifetime, type Lifetime } from '#node/lifetime.ts';
import type * as Web from '#web/index.ts';
import { build, isBuilt } from './build.ts';
import { startDesktop } from './desktop.ts';
import { downloadUrl, findElectron, probe } from './electron-binary.ts';
import { installElectron } from './electron-install.ts';

const ROOT = join(import.meta.dirname, '../..');
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** From the flags to a running app: the desktop window, or the same app in the browser where that cannot be. */
export async function launch(args: readonly string[]): Promise<void> {
  let flags: Flags;
  try {
    // npm runs scripts in the project's folder; a relative path means the one the person stands in.
    flags = parseFlags(args, process.env['INIT_CWD'] ?? process.cwd());
    if (flags.dataDir !== null && !flags.help) assertUsable(flags.dataDir, flags.demo !== null);
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    process.stderr.write(`perpscope: ${visibleLine(error.message)}\n`);
    process.exitCode = 2;
    return;
  }
  if (flags.help) {
    say(FLAG_HELP);
    return;
  }

  const lifetime = createLifetime();
  try {
    await start(flags, args, lifetime);
  } catch (error) {
    // What the end itself interrupts is no fault.
    if (!lifetime.ending) process.stderr.write(`perpscope: ${messageOf(error)}\n`);
    await lifetime.end(1);
  }
}

async function start(flags: Flags, args: readonly string[], lifetime: Lifetime): Promise<void> {
  const stopping = new AbortController();
  lifetime.onEnd(() => stopping.abort());
  if (!isBuilt(ROOT)) {
    say('Building Perpscope (some seconds, once) ...');
    await build(ROOT, stopping.signal);
  }
  const why = flags.browser ? null : await desktop(args, flags, lifetime, stopping.signal);
  if (why !== null) say(`No desktop window: ${why}. Opening in the browser instead.`);
  await browser(flags, lifetime);
}

/** Runs the desktop app to its end, or says why it cannot be had. */
async function desktop(args: readonly string[], flags: Flags, lifetime: Lifetime, signal: AbortSignal): Promise<string> {
  let binary = findElectron(ROOT, process.env);
  if (binary === null) {
    // The demo asks nothing of the network, not even for what is missing.
    if (flags.demo !== null) return 'Electron is not installed and the demo downloads nothing (`npm start` does, once)';
    const why = await fetchElectron(signal).catch(messageOf);
    if (why !== null) return `Electron is not installed and ${why}`;
    binary = findElectron(ROOT, process.env);
    if (binary === null) return 'Electron was downloaded but is not where it should be';
  }
  const dataDir = flags.dataDir === null ? [] : [`--data-dir=${flags.dataDir}`];
  const demo = flags.demo === null ? [] : ['--demo', `--demo-speed=${flags.demo.speed}`];
  const history = flags.history === null ? [] : [`--history=${flags.history}`];
  const archive = flags.archive === null ? [] : [`--archive=${flags.archive}`];
  const child = startDesktop(binary, ROOT, [...dataDir, ...demo, ...history, ...archive]);
  lifetime.onEnd(() => child.stop());
  const outcome = await child.started;
  if (outcome.ready || outcome.handedOver) return lifetime.end(await child.ended);
  return `Electron did not start: ${outcome.why}`;
}

/** null when Electron is there afterwards, else why not. */
async function fetchElectron(signal: AbortSignal): Promise<string | null> {
  const url = await downloadUrl(ROOT, process.env);
  const unreachable = await probe(url, signal);
  if (unreachable !== null) return unreachable;
  say(`Downloading Electron from ${new URL(url).host} (once) ...`);
  const tty = process.stdout.isTTY;
  let told = 0;
  const failed = await installElectron(
    ROOT,
    (bytes) => {
      const megabytes = Math.floor(bytes / 1e6);
      if (tty) process.stdout.write(`\r  ${megabytes} MB`);
      else if (megabytes >= told + 25) say(`  ${(told = megabytes)} MB`);
    },
    signal,
  );
  if (tty) process.stdout.write('\n');
  return failed;
}

async function browser(flags: Flags, lifetime: Lifetime): Promise<void> {
  // Built by now; the sources of the web shell need the bundler for their workers.
  const { serve } = (await import(pathToFileURL(join(ROOT, 'out/main/web.js')).href)) as typeof Web;
  const running = await serve(flags, () => void lifetime.end(1));
  lifetime.onEnd(() => running.close());
  const url = running.newUrl();
  say(`Perpscope${flags.demo === null ? '' : ' (demo market)'} is at ${url}`);
  say('The address lets in one browser, once, within a minute: Enter prints another. It runs until you press Ctrl+C.');
  onEnteredLine(() => say(running.newUrl()));
  // Side by side: where the app cannot be opened after all, that is what is told.
  await Promise.all([running.opened, flags.open ? openInBrowser(url, lifetime) : null]);
}

/** What a process is started with can be read by every user of the machine, so the browser gets the name of a file that opens the address. */
async function openInBrowser(url: string, lifetime: Lifetime): Promise<void> {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
    say('There is no display here: open the address in a browser yourself.');
    return;
  }
  // A folder of this user alone.
  const folder = mkdtempSync(join(tmpdir(), 'perpscope-open-'));
  lifetime.onEnd(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'open.html');
  writeFileSync(file, openingPage(url), { mode: 0o600 });
  try {
    await open(pathToFileURL(file).href);
  } catch (error) {
    say(`The browser could not be opened (${messageOf(error)}): open the address yourself.`);
  }
}

/** For a URL of our own, which has nothing that HTML would read otherwise. */
const openingPage = (url: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Perpscope</title><meta http-equiv="refresh" content="0;url=${url}"></head>
<body><p>Perpscope opens here. Where it does not: <a href="${url}">open it</a>.</p></body></html>
`;
