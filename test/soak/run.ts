/** `npm run soak`: every long run of this folder; each takes its own numbers when it is run by itself. */
import { runFolder } from '../support/run-folder.ts';

process.exitCode = (await runFolder(import.meta.dirname, process.argv.slice(2))).length === 0 ? 0 : 1;
