import { VenueError } from '#core/venue-error.ts';
import { asksForPause, isFaulty } from '../common/failure.ts';
import { asRow, malformed, parseJson, readNumber, saidIn } from '../common/read.ts';

export const ID = 'bingx';
export const NAME = 'BingX';

/** "Restore after 5 minutes" of an address that asked too often. */
const PAUSE_MS = 5 * 60_000;
/** The longest end of a pause that is believed. */
const LONGEST_PAUSE_MS = 24 * 60 * 60_000;

/** `data` of an answer with status 200. Another code than 0 is a failure all the same: it tells nearly all of them so. */
export function parseData(text: string, now: number): unknown {
  const body = asRow(parseJson(NAME, text));
  const code = readNumber(body?.['code']);
  if (body === null || code === null) throw malformed(NAME, 'an answer without a code');
  if (code !== 0) throw failureOf(code, saidIn(body['msg']), now);
  return body['data'];
}

/** https://bingx-api.github.io/docs-v3/ "Error Code Reference", and the codes beside each endpoint. */
function failureOf(code: number, words: string, now: number): VenueError {
  const said = `${NAME}: ${code} ${words}`;
  if (code === 100_410 || code === 109_429) {
    // "... is currently in the disabled period and will be unblocked after 1727193814249"
    const until = Number(/unblocked after (\d{13})/u.exec(words)?.[1] ?? NaN) - now;
    return asksForPause(NAME, said, until > 0 && until <= LONGEST_PAUSE_MS ? until : PAUSE_MS);
  }
  if (code === 100_500 || code === 100_503 || code === 80_012 || code === 109_500 || code === 109_701) return isFaulty(NAME, said);
  if (code === 109_425) return new VenueError('malformed', `${NAME} does not know the contract that was asked for.`, said);
  if (code === 109_415) return new VenueError('malformed', `${NAME} has paused the contract that was asked for.`, said);
  return malformed(NAME, said);
}
