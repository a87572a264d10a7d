export interface Io {
  /** Whole text of a file, or of standard input for null. */
  read(file: string | null): Promise<string>;
  out(text: string): void;
  err(text: string): void;
  /** Shows a line in the place of the one before it; left out where standard error is no terminal. */
  readonly status?: (text: string) => void;
}
