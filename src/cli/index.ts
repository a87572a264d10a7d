import { run } from './run.ts';
import { readTextFile } from './text-file.ts';

// Who reads may have had enough (`| head`): that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

/** On a terminal: back to the beginning of a line that is emptied. */
const CLEAR = process.stderr.isTTY ? '\r\u001B[K' : '';

process.exitCode = await run(process.argv.slice(2), {
  read: readTextFile,
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${CLEAR}${line}\n`),
  ...(process.stderr.isTTY && { status: (line: string) => process.stderr.write(`${CLEAR}${line}`) }),
});
