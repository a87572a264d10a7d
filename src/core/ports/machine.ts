/** What the program runs on, for what a person sends with a report. */
export interface Machine {
  /** Names and versions of what it is built on. */
  readonly versions: Readonly<Record<string, string>>;
  /** Bytes that all of its processes hold, and the bound beyond which something has gone wrong. */
  memory(): number;
  readonly memoryLimit: number;
  /** The last lines of the log, oldest first; rejects where it cannot be read. */
  logTail(): Promise<string>;
  /** The text without folders, names and passwords of this person. */
  withoutPlaces(text: string): string;
}
