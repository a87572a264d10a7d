import { VenueError, type VenueFailure } from '#core/venue-error.ts';
import { asAnswerTime } from '../common/poll.ts';
import { asRow, malformed, parseJson, readText, readTime, saidIn, type Row } from '../common/read.ts';

export const ID = 'bitget';
export const NAME = 'Bitget';

const SUCCESS = '00000';
const BUSY = { kind: 'server', user: 'has a fault of its own. Perpscope will ask again.' } as const;

/**
 * Codes of failures that are none of what was asked: https://www.bitget.com/api-doc/contract/error-code/rest; while a release is
 * rolled out it answers 40015, 40725, 40808 or 45001, and may be asked again: https://www.bitget.com/api-doc/common/faq
 */
const FAILURES: Readonly<Record<string, { readonly kind: VenueFailure; readonly user: string }>> = {
  429: { kind: 'rate-limited', user: 'asks for a pause. Perpscope waits and goes on by itself.' },
  40010: { kind: 'server', user: 'did not answer in its own time. Perpscope will ask again.' },
  40015: BUSY,
  40200: { kind: 'server', user: 'is being upgraded. Perpscope will ask again.' },
  40725: BUSY,
  40808: BUSY,
  45001: BUSY,
};

export interface Answer {
  readonly data: unknown;
  /** The venue's own time of it. */
  readonly time: number | null;
}

/** An answer with status 200; a code other than "00000" is a failure all the same. */
export function parseAnswer(text: string): Answer {
  const body = asRow(parseJson(NAME, text));
  const code = typeof body?.['code'] === 'number' ? String(body['code']) : readText(body?.['code']);
  if (body === null || code === null) throw malformed(NAME, 'an answer without a code');
  if (code !== SUCCESS) throw failureOf(code, `${NAME}: ${saidIn(code)} ${saidIn(body['msg'])}`);
  return { data: body['data'], time: asAnswerTime(readTime(body['requestTime'])) };
}

function failureOf(code: string, said: string): VenueError {
  const known = FAILURES[code];
  return known === undefined ? malformed(NAME, said) : new VenueError(known.kind, `${NAME} ${known.user}`, said);
}

/** Rows of a list by their symbol; the first of each counts. */
export function rowsBySymbol(list: readonly unknown[]): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const item of list) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    if (row !== null && typeof symbol === 'string' && !rows.has(symbol)) rows.set(symbol, row);
  }
  return rows;
}
