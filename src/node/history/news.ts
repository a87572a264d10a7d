import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What is over is told so long: it is seen by a person who looks once a day. */
const TOLD_MS = 24 * 3_600_000;

interface Told {
  readonly at: number;
  /** Files beside the store that the sentence says were kept. */
  readonly kept: readonly string[];
}

/**
 * What happened to a file of the data folder, told once each. A sentence that says which file was set aside stands for as long as that file
 * lies there, for it is the person's to look at and to delete; one of what is over stands for a day.
 */
export class News {
  readonly #file: string;
  readonly #now: () => number;
  readonly #told = new Map<string, Told>();

  constructor(file: string, now: () => number) {
    this.#file = file;
    this.#now = now;
  }

  /** False: it stands already. */
  tell(text: string): boolean {
    if (this.current().includes(text)) return false;
    this.#told.set(text, { at: this.#now(), kept: this.#keptIn(text) });
    return true;
  }

  current(): string[] {
    for (const [text, { at, kept }] of this.#told) {
      // A clock that was set back does not make it stand for longer than a day.
      const isOver = kept.length === 0 ? Math.abs(this.#now() - at) >= TOLD_MS : !kept.some((path) => existsSync(path));
      if (isOver) this.#told.delete(text);
    }
    return [...this.#told.keys()];
  }

  #keptIn(text: string): string[] {
    const folder = dirname(this.#file);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name !== basename(this.#file))
      .map((name) => join(folder, name))
      .filter((path) => text.includes(path));
  }
}
