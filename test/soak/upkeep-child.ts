import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { mergeFile } from '#node/backup/merge-file.ts';
import { rewriteHistory } from '#node/history/rewrite-history.ts';

/** Merges a file into the history of a folder, or rewrites that, and says when it begins: to be killed meanwhile. */
const [what = '', dir = '', from = ''] = process.argv.slice(2);
const database = join(dir, 'history.sqlite');
writeSync(1, 'begun\n');
if (what === 'merge') await mergeFile({ dir, database, kind: 'live' }, from, () => undefined);
else rewriteHistory(database, 'live');
writeSync(1, 'done\n');
