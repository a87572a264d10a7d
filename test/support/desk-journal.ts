import { openSync, readFileSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';

const HEAD_BYTES = 4;

/** `at`: ms of the machine's monotonic clock, which all processes share. */
export type Entry =
  | { readonly kind: 'asked'; readonly id: number; readonly at: number; readonly method: string; readonly input: readonly unknown[] }
  /** `waits`: on the disk of the collector, until that has caught up. */
  | { readonly kind: 'acknowledged'; readonly id: number; readonly waits: boolean }
  | { readonly kind: 'caught up'; readonly at: number }
  | { readonly kind: 'began'; readonly at: number; readonly venues: readonly string[] };

/** Writes entries to a new file, each before its call returns: a kill costs none but the last. */
export function openJournal(path: string): (entry: Entry) => void {
  const file = openSync(path, 'wx');
  return (entry) => {
    const body = serialize(entry);
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(body.length);
    writeSync(file, Buffer.concat([head, body]));
  };
}

/** All whole entries; the last one may have been torn by a kill. */
export function readJournal(path: string): Entry[] {
  const bytes = readFileSync(path);
  const entries: Entry[] = [];
  for (let at = 0; at + HEAD_BYTES <= bytes.length;) {
    const end = at + HEAD_BYTES + bytes.readUInt32LE(at);
    if (end > bytes.length) break;
    entries.push(deserialize(bytes.subarray(at + HEAD_BYTES, end)) as Entry);
    at = end;
  }
  return entries;
}
