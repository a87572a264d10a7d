import Conf from 'conf';
import { claimFolder } from '#node/claim-folder.ts';
import { openApp, type OpenAppOptions, type OpenedApp } from '#node/open-app.ts';

/** The app over a folder of a test, as a browser's shell has it; not started. */
export async function openTestApp(dataDir: string, options: Partial<OpenAppOptions> = {}): Promise<OpenedApp> {
  const { demo = null, history } = options;
  const folder = await claimFolder({ dataDir, demo: demo !== null, shell: 'browser', version: '0.0.0', shared: history !== undefined });
  return openApp(folder, { demo, notifier: { notify: () => undefined }, createStore: Conf, env: {}, ...options });
}
