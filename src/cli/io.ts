export interface Io {
  /** Whole text of a file, or of standard input for null. */
  read(file: string | null): Promise<string>;
  out(text: string): void;
  err(text: string): void;
}
