/** Of the processes on one folder one tells what enters and posts it; the others show it. */
export interface TellingRole {
  /** True: it is this process, from now on where none had it. Asked every second. */
  take(): boolean;
  /** Which other process tells, in a sentence for the person. */
  sentence(): string;
}
