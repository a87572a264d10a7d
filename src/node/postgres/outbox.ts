import { closeSync, ftruncateSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';

const HEAD_BYTES = 4;

/** What could not be written yet, in a file, oldest first. Bounded: what does not fit is refused. */
export class Outbox<T> {
  readonly path: string;
  readonly #file: number;
  readonly #mostBytes: number;
  #from = 0;
  #end: number;
  #count = 0;

  /** What an earlier process left there is kept, but for an entry that it did not end. */
  constructor(path: string, mostBytes: number) {
    this.path = path;
    this.#mostBytes = mostBytes;
    this.#file = openSync(path, 'a+', 0o600);
    this.#end = fstatSync(this.#file).size;
    let at = 0;
    for (let next = this.#endOf(at); next !== null; next = this.#endOf(at)) {
      at = next;
      this.#count++;
    }
    if (at < this.#end) this.#cutTo(at);
  }

  get count(): number {
    return this.#count;
  }
  get bytes(): number {
    return this.#end - this.#from;
  }

  /** False: it is full. */
  put(entry: T): boolean {
    const body = serialize(entry);
    if (this.#end + HEAD_BYTES + body.length > this.#mostBytes) return false;
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(body.length);
    writeSync(this.#file, Buffer.concat([head, body]));
    this.#end += HEAD_BYTES + body.length;
    this.#count++;
    return true;
  }

  /** The oldest; null: there is none. */
  first(): T | null {
    const end = this.#endOf(this.#from);
    return end === null ? null : (deserialize(this.#read(this.#from + HEAD_BYTES, end)) as T);
  }

  /** The oldest is written. */
  shift(): void {
    const end = this.#endOf(this.#from);
    if (end === null) return;
    this.#from = end;
    this.#count--;
    if (this.#count === 0) {
      this.#cutTo(0);
      this.#from = 0;
    }
  }

  close(): void {
    closeSync(this.#file);
  }

  #endOf(at: number): number | null {
    if (at + HEAD_BYTES > this.#end) return null;
    const end = at + HEAD_BYTES + this.#read(at, at + HEAD_BYTES).readUInt32LE();
    return end > this.#end ? null : end;
  }
  #read(from: number, to: number): Buffer {
    const bytes = Buffer.alloc(to - from);
    readSync(this.#file, bytes, 0, bytes.length, from);
    return bytes;
  }
  #cutTo(bytes: number): void {
    ftruncateSync(this.#file, bytes);
    this.#end = bytes;
  }
}
