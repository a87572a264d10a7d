import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import type { Log } from '#core/ports/log.ts';
import { makeFolder } from './data-dir.ts';

export interface LogOptions {
  readonly dir: string;
  /** Of the file; a process that runs beside another one has a log of its own. */
  readonly name?: string;
  /** Size of one file and how many older ones stay; 5 MB and 8 keep the folder below 50 MB. */
  readonly fileMegabytes?: number;
  readonly oldFiles?: number;
}

export interface FileLog extends Log {
  /** Resolves when every line is written. Safe to call twice. */
  close(): Promise<void>;
}

const MAX_QUEUED_BYTES = 4_000_000;
const REOPEN_AFTER_MS = 60_000;

/**
 * JSON lines in rotating files, and nowhere else: the terminal that started the app is told what is for the person, never the
 * addresses that errors hold. A log that cannot be written never stops the app: it says so on stderr and tries again.
 */
export function openLog({ dir, name = 'perpscope.log', fileMegabytes = 5, oldFiles = 8 }: LogOptions): FileLog {
  let stream: RotatingFileStream | null = null;
  let failedAt = Number.NEGATIVE_INFINITY;
  let dropped = 0;
  let closed = false;

  const fail = (error: unknown): void => {
    stream = null;
    failedAt = performance.now();
    process.stderr.write(`perpscope: the log in ${dir} cannot be written: ${error instanceof Error ? error.message : String(error)}\n`);
  };
  const open = (): RotatingFileStream | null => {
    if (stream !== null || performance.now() - failedAt < REOPEN_AFTER_MS) return stream;
    try {
      makeFolder(dir);
      stream = createStream(name, { path: dir, size: `${fileMegabytes * 1024}K`, rotate: oldFiles });
      stream.on('error', fail);
    } catch (error) {
      fail(error);
    }
    return stream;
  };

  return {
    write(level, area, message, detail) {
      if (closed) return;
      const line = redact(JSON.stringify({ at: new Date().toISOString(), level, area, message, ...(detail && { detail }) }, plain));
      const target = open();
      if (target === null) return;
      if (target.writableLength > MAX_QUEUED_BYTES) {
        dropped += 1;
        return;
      }
      if (dropped > 0) {
        target.write(
          `${JSON.stringify({ at: new Date().toISOString(), level: 'warn', area: 'log', message: `${dropped} lines dropped` })}\n`,
        );
        dropped = 0;
      }
      target.write(`${line}\n`);
    },
    async close() {
      closed = true;
      const target = stream;
      stream = null;
      if (target === null) return;
      await new Promise<void>((resolve) => {
        target.once('close', resolve);
        target.once('error', () => resolve());
        target.end();
      });
    },
  };
}

/** Errors are written with their stack; JSON.stringify alone makes them {}. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error)
    return { name: value.name, message: value.message, stack: value.stack, ...(value.cause !== undefined && { cause: value.cause }) };
  return typeof value === 'bigint' ? value.toString() : value;
}

function withoutUser(word: string): string {
  const [start, end] = [word.indexOf('://'), word.lastIndexOf('@')];
  return start < 0 || end < start ? word : `${word.slice(0, start)}://***@${word.slice(end + 1)}`;
}

/** Passwords in URLs (a proxy's, a mirror's; to the last @, for a password may hold one, or a slash) and the loopback host's token stay out of every line. */
export function redact(text: string): string {
  return text.replace(/[^\s"']+/gu, withoutUser).replace(/([?&]token=)[^\s&"']+/gu, '$1***');
}
