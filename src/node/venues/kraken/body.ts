import { asksForPause, isFaulty } from '../common/failure.ts';
import { asRow, malformed, parseJson, readText, type Row, saidIn } from '../common/read.ts';

export const ID = 'kraken';
export const NAME = 'Kraken';

/** Errors that are none of what was asked, as clients of it name them. */
const BUSY: ReadonlySet<string> = new Set(['unavailable', 'marketunavailable', 'service unavailable', 'server error', 'internal error']);

/** The object of an answer with status 200; a `result` other than "success" is a failure all the same. */
export function parseObject(text: string, what: string): Row {
  const body = asRow(parseJson(NAME, text));
  if (body === null) throw malformed(NAME, `${what} is not an object`);
  const result = readText(body['result']);
  if (body['error'] === undefined && (result === null || result === 'success')) return body;
  const said = `${NAME}: ${saidIn(body['error'] ?? result)}`;
  const error = (readText(body['error']) ?? '').toLowerCase();
  if (error === 'apilimitexceeded') throw asksForPause(NAME, said);
  throw BUSY.has(error) ? isFaulty(NAME, said) : malformed(NAME, said);
}
