import type { VenueError } from '#core/venue-error.ts';
import { asksForPause, isFaulty } from '../common/failure.ts';
import { asAnswerTime } from '../common/poll.ts';
import { asRow, listOf, malformed, parseJson, readNumber, readTime, type Row, saidIn } from '../common/read.ts';

export const ID = 'woo';
export const NAME = 'WOO X';

export interface WooAnswer {
  readonly data: Row | null;
  readonly time: number | null;
}

/** An answer with status 200; success that is denied is a failure all the same. */
export function parseAnswer(text: string): WooAnswer {
  const body = asRow(parseJson(NAME, text));
  if (body?.['success'] !== true) throw failureOf(readNumber(body?.['code']), `${NAME}: ${saidIn(body?.['message'])}`);
  return { data: asRow(body['data']), time: asAnswerTime(readTime(body['timestamp'])) };
}

/** `rows` of an answer. */
export const rowsOf = ({ data }: WooAnswer, what: string): readonly unknown[] => listOf(NAME, data?.['rows'], what);

/** https://docs.woox.io, "Error Codes": -1000 an unknown fault, -1003 too many requests. */
function failureOf(code: number | null, said: string): VenueError {
  if (code === -1_003) return asksForPause(NAME, said);
  return code === -1_000 ? isFaulty(NAME, said) : malformed(NAME, said);
}
