/** `npm run bench`: every bench of this folder. `--short` runs the same work on less data, to show that it still runs. */
import { runFolder } from '../support/run-folder.ts';

process.exitCode = (await runFolder(import.meta.dirname, process.argv.slice(2))).length === 0 ? 0 : 1;
