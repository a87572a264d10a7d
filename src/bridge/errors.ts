import type { Envelope, ErrorCode } from './contract.ts';

/** One sentence for the person per code; used where the thrower has no better one. */
export const errorSentence: Record<ErrorCode, string> = {
  'unknown-call': 'This version of Perpscope does not know that request. Reload the window.',
  'bad-input': 'That value cannot be used.',
  'not-allowed': 'This window may not ask for that.',
  'not-found': 'That instrument or list is not known here.',
  busy: 'Perpscope is busy with that already. Try again in a moment.',
  storage: 'The local history could not be read or written. See the notices for what to do.',
  internal: 'Something went wrong inside Perpscope. The log has the details.',
  disconnected: 'The app behind this window has stopped. Start it again to go on.',
};

/** An error whose message is meant for the person; handlers throw it, the dispatcher turns it into an envelope. */
export class UserError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string = errorSentence[code]) {
    super(message);
    this.name = 'UserError';
    this.code = code;
  }
}

export const failure = (code: ErrorCode, message: string = errorSentence[code]): Envelope<never> => ({
  ok: false,
  error: { code, message },
});
