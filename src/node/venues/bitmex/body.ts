import { asksForPause, isFaulty } from '../common/failure.ts';
import { asRow, listOf, malformed, parseJson, readText, saidIn } from '../common/read.ts';

export const ID = 'bitmex';
export const NAME = 'BitMEX';

/** The list of an answer with status 200; an object with `error` is a failure all the same. */
export function parseList(text: string, what: string): readonly unknown[] {
  const body = parseJson(NAME, text);
  const error = asRow(asRow(body)?.['error']);
  if (error === null) return listOf(NAME, body, what);
  const said = `${NAME}: ${saidIn(error['name'])}: ${saidIn(error['message'])}`;
  if (readText(error['name']) === 'RateLimitError') throw asksForPause(NAME, said);
  throw /overloaded|maintenance/iu.test(saidIn(error['message'])) ? isFaulty(NAME, said) : malformed(NAME, said);
}
