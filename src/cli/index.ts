import { visibleLine } from '#domain/shown-text.ts';
import { run } from './run.ts';
import { readTextFile } from './text-file.ts';

/** The reader has had enough (`| head`), or the terminal is gone: no fault, and no reason to end what is being recorded. */
const GONE = ['EPIPE', 'EIO'];
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!GONE.includes(error.code ?? '')) throw error;
  });

/** On a terminal: back to the beginning of a line that is emptied. */
const CLEAR = process.stderr.isTTY ? '\r\u001B[K' : '';

process.exitCode = await run(process.argv.slice(2), {
  read: readTextFile,
  out: (line) => process.stdout.write(`${visibleLine(line)}\n`),
  err: (line) => process.stderr.write(`${CLEAR}${visibleLine(line)}\n`),
  ...(process.stderr.isTTY && { status: (line: string) => process.stderr.write(`${CLEAR}${visibleLine(line)}`) }),
});
