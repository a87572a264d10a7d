import { HistoryError } from '../history/errors.ts';
import { PostgresError } from './blocking.ts';

/** The server cannot be reached, or goes down: it may be there again. */
const GONE = /^(08|57P0|ECONN|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EPIPE|CONNECT_TIMEOUT|CONNECTION_)/u;

export const isGone = (code: string): boolean => GONE.test(code);

/** The server's codes in our words; `place`: where it is, without a password. */
export function asHistoryError(error: unknown, place: string): HistoryError {
  if (error instanceof HistoryError) return error;
  if (!(error instanceof PostgresError))
    return new HistoryError(
      'failed',
      'The history failed. The log has the details.',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
  const { code, message } = error;
  const told = `${code} ${message} (${place})`;
  if (isGone(code)) return new HistoryError('busy', `The database ${place} cannot be reached. It is tried again.`, told);
  if (code === 'PS001')
    return new HistoryError('superseded', 'Another collector records this venue now: what this one brought was refused.', told);
  if (code === 'PS002') return new HistoryError('busy', 'It waits until it is known which collector goes on recording this venue.', told);
  if (code === '28P01' || code === '28000')
    return new HistoryError('unwritable', `The database ${place} refused the user or the password.`, told);
  if (code === '25006')
    return new HistoryError('busy', `The database ${place} can only be read now, as a standby or by a reader. It is tried again.`, told);
  if (code === '42501') return new HistoryError('unwritable', `The user may not write at ${place}.`, told);
  if (code === '53100')
    return new HistoryError('full', `The disk of the database ${place} is full. Free some space: recording goes on by itself.`, told);
  if (code === '57014' || code === '55P03')
    return new HistoryError('busy', `The database ${place} took too long. It is tried again.`, told);
  return new HistoryError('failed', `The database ${place} could not do it. The log has the details.`, told);
}
