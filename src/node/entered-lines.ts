import { createInterface } from 'node:readline';

/** Calls for each line that a person enters. An input that cannot be read (a service, nohup, a terminal that went away) enters none. */
export function onEnteredLine(call: () => void): void {
  process.stdin.on('error', () => process.stdin.destroy());
  createInterface({ input: process.stdin }).on('line', call);
}
