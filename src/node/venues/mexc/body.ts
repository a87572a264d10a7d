import type { VenueError } from '#core/venue-error.ts';
import { asksForPause, blocksRegion, isFaulty } from '../common/failure.ts';
import { asRow, malformed, parseJson, readNumber, saidIn } from '../common/read.ts';

export const ID = 'mexc';
export const NAME = 'MEXC';

/** `data` of an answer with status 200. Another code than 0, or success that is denied, is a failure all the same. */
export function parseData(text: string): unknown {
  const body = asRow(parseJson(NAME, text));
  const code = readNumber(body?.['code']);
  if (body === null || code === null) throw malformed(NAME, 'an answer without a code');
  if (code !== 0 || body['success'] === false) throw failureOf(code, `${NAME}: ${code} ${saidIn(body['message'] ?? body['msg'])}`);
  return body['data'];
}

/** Codes as clients of it name them; its own page of them was not at hand. */
function failureOf(code: number, said: string): VenueError {
  if (code === 510) return asksForPause(NAME, said);
  if (code === 500 || code === 501 || code === 9999) return isFaulty(NAME, said);
  return code === 406 ? blocksRegion(NAME, said) : malformed(NAME, said);
}
