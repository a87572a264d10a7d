import { asksForPause, isFaulty } from '../common/failure.ts';
import { asAnswerTime } from '../common/poll.ts';
import { asRow, malformed, parseJson, readNumber, saidIn } from '../common/read.ts';

export const ID = 'deribit';
export const NAME = 'Deribit';

/** `result` of an answer with status 200, and when it was given (`usOut`, microseconds); `error` is a failure all the same. */
export function parseResult(text: string): { readonly result: unknown; readonly at: number | null } {
  const body = asRow(parseJson(NAME, text));
  if (body === null) throw malformed(NAME, 'an answer that is not an object');
  const error = asRow(body['error']);
  if (error !== null) {
    const said = `${NAME}: ${saidIn(error['code'])}: ${saidIn(error['message'])}`;
    // https://docs.deribit.com/articles/errors: too_many_requests; matching_engine_queue_full, temporarily_unavailable.
    if (error['code'] === 10_028) throw asksForPause(NAME, said);
    throw error['code'] === 10_047 || error['code'] === 13_028 ? isFaulty(NAME, said) : malformed(NAME, said);
  }
  const out = readNumber(body['usOut']);
  return { result: body['result'], at: out === null ? null : asAnswerTime(Math.floor(out / 1_000)) };
}
