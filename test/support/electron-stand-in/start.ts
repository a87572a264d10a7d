/**
 * node start.ts <entry> [arguments]: runs a built main process on the stand-in.
 * `import 'electron'` and `require('electron')` are answered here, wherever they come from.
 */
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { notShown } from './not-shown.ts';

const standIn = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, format: 'module-typescript', shortCircuit: true } : next(specifier, context),
});

const [node = '', , entry, ...args] = process.argv;
if (entry === undefined) throw new Error('usage: start.ts <built main entry> [arguments]');
process.argv = process.env['STAND_IN_PACKAGED'] === '1' ? [node, ...args] : [node, entry, ...args];
process.stderr.write(
  `stand-in for Electron; skipped, because it cannot be shown here:\n${notShown.map((line) => `  - ${line}\n`).join('')}`,
);

const { app } = await import('./app.ts');
const { takeCommands } = await import('./control.ts');
takeCommands();
await import(pathToFileURL(resolve(entry)).href);
app.becomeReady();
