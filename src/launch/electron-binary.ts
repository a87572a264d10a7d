import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Env = Readonly<Record<string, string | undefined>>;

const PROBE_MS = 5_000;

/** Electron's executable where its package has it, else null. Never requires electron: that would download it. */
export function findElectron(root: string, env: Env): string | null {
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  const folder = join(root, 'node_modules/electron');
  const pathFile = join(folder, 'path.txt');
  const executable = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : '';
  if (override !== undefined && override !== '') return join(override, executable || defaultExecutable());
  if (executable === '') return null;
  const binary = join(folder, 'dist', executable);
  return existsSync(binary) ? binary : null;
}

/** As electron/install.js names it. */
function defaultExecutable(): string {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * Where electron/install.js will download from: the function of its own library decides, so every mirror variable counts.
 * The library's main file does not export it; loading that one too sets up the proxy where ELECTRON_GET_USE_PROXY asks for it.
 */
export async function downloadUrl(root: string, env: Env): Promise<string> {
  const requireFromElectron = createRequire(join(root, 'node_modules/electron/package.json'));
  const { version } = requireFromElectron('./package.json') as { version: string };
  const main = pathToFileURL(requireFromElectron.resolve('@electron/get'));
  await import(main.href);
  const library = (await import(new URL('artifact-utils.js', main).href)) as {
    getArtifactRemoteURL(details: Record<string, unknown>): Promise<string>;
  };
  return library.getArtifactRemoteURL({
    version: `v${version}`,
    artifactName: 'electron',
    platform: env['ELECTRON_INSTALL_PLATFORM'] || env['npm_config_platform'] || process.platform,
    arch: env['ELECTRON_INSTALL_ARCH'] || env['npm_config_arch'] || process.arch,
  });
}

/** Asks the download host for the file's head. null when it answers at all, else why it does not. */
export async function probe(url: string, signal: AbortSignal, limitMs = PROBE_MS): Promise<string | null> {
  const { host } = new URL(url);
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]) });
    return null;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'TimeoutError') return `${host} does not answer within ${limitMs / 1000} s`;
    const cause = error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : error.message;
    return `${host} cannot be reached (${cause})`;
  }
}
