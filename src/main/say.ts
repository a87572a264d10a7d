import { app, dialog } from 'electron';

/** One line on stdout; the launcher waits for `perpscope: window ready`. */
export function say(text: string): void {
  process.stdout.write(`perpscope: ${text}\n`);
}

export function sayOnce(text: string): () => void {
  let said = false;
  return () => {
    if (!said) say(text);
    said = true;
  };
}

/** The app cannot start: says why, in words for the person, and ends. */
export function stopWith(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`perpscope: ${message}\n`);
  // Started by double click there is no terminal to read.
  if (app.isPackaged) dialog.showErrorBox('Perpscope cannot start', message);
  app.exit(1);
}
