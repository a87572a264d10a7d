import { closeSync, constants, ftruncateSync, fstatSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';

/** The file begins with the place of the oldest entry that waits, as a double. */
const FILE_HEAD_BYTES = 8;
/** An entry begins with its length. */
const HEAD_BYTES = 4;
const COPIED_BYTES = 1024 * 1024;

const opened = (path: string, more = 0): number => openSync(path, constants.O_RDWR | constants.O_CREAT | more, 0o600);

/** What could not be written yet, in a file, oldest first. Bounded: what does not fit is refused. */
export class Outbox<T> {
  readonly path: string;
  #file: number;
  readonly #mostBytes: number;
  #from = FILE_HEAD_BYTES;
  #end: number;
  #count = 0;
  #unreadable = 0;

  /** What an earlier process left there is kept, but for what it had taken out and an entry that it did not end. */
  constructor(path: string, mostBytes: number) {
    this.path = path;
    this.#mostBytes = mostBytes;
    this.#file = opened(path);
    this.#end = fstatSync(this.#file).size;
    if (this.#end < FILE_HEAD_BYTES) this.#begin();
    const from = this.#read(0, FILE_HEAD_BYTES).readDoubleLE();
    if (Number.isInteger(from) && from >= FILE_HEAD_BYTES && from <= this.#end) this.#from = from;
    let at = this.#from;
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
  /** Entries that could not be read again, and were passed over. */
  get unreadable(): number {
    return this.#unreadable;
  }

  /** False: it is full. */
  put(entry: T): boolean {
    const body = serialize(entry);
    const bytes = HEAD_BYTES + body.length;
    if (this.bytes + bytes > this.#mostBytes) return false;
    if (this.#end + bytes > FILE_HEAD_BYTES + this.#mostBytes) this.#moveUp();
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(body.length);
    const entire = Buffer.concat([head, body]);
    writeSync(this.#file, entire, 0, bytes, this.#end);
    this.#end += bytes;
    this.#count++;
    return true;
  }

  /** The oldest; null: there is none. */
  first(): T | null {
    for (let end = this.#endOf(this.#from); end !== null; end = this.#endOf(this.#from)) {
      const body = this.#read(this.#from + HEAD_BYTES, end);
      try {
        return deserialize(body) as T;
      } catch {
        // The file was changed by another hand: those behind it still count.
        this.#unreadable++;
        this.shift();
      }
    }
    return null;
  }

  /** The oldest is written. */
  shift(): void {
    const end = this.#endOf(this.#from);
    if (end === null) return;
    this.#from = end;
    this.#count--;
    if (this.#count === 0) this.#begin();
    else writeSync(this.#file, placeOf(this.#from), 0, FILE_HEAD_BYTES, 0);
  }

  close(): void {
    closeSync(this.#file);
  }

  #begin(): void {
    this.#from = FILE_HEAD_BYTES;
    writeSync(this.#file, placeOf(this.#from), 0, FILE_HEAD_BYTES, 0);
    this.#cutTo(FILE_HEAD_BYTES);
  }

  /** What waits to the beginning of the file, by way of a new one: an end in between leaves one of the two whole. */
  #moveUp(): void {
    const path = `${this.path}.new`;
    const file = opened(path, constants.O_TRUNC);
    writeSync(file, placeOf(FILE_HEAD_BYTES), 0, FILE_HEAD_BYTES, 0);
    for (let at = this.#from; at < this.#end; at += COPIED_BYTES) {
      const piece = this.#read(at, Math.min(this.#end, at + COPIED_BYTES));
      writeSync(file, piece, 0, piece.length, FILE_HEAD_BYTES + at - this.#from);
    }
    renameSync(path, this.path);
    closeSync(this.#file);
    this.#file = file;
    [this.#from, this.#end] = [FILE_HEAD_BYTES, FILE_HEAD_BYTES + this.bytes];
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

function placeOf(at: number): Buffer {
  const bytes = Buffer.alloc(FILE_HEAD_BYTES);
  bytes.writeDoubleLE(at);
  return bytes;
}
