import { resolve } from 'node:path';
import { runWeb } from '#web/run.ts';

/** `node standing-child.ts --data-dir FOLDER`: the app on its demo market, at the moment at which the folder ends. */
const [, , , dataDir = ''] = process.argv;
const running = await runWeb({
  dataDir,
  // So slow that no second passes while it is looked at, and no venue is asked twice.
  demo: { speed: 1e-6 },
  port: null,
  version: '1.0.0',
  assetsDir: resolve(import.meta.dirname, '../../out/renderer'),
  env: process.env,
  end: () => process.exit(1),
});
process.once('SIGTERM', () => void running.close());
process.stdout.write(`${running.newUrl()}\n`);
