import { VenueError, type VenueFailure } from '#core/venue-error.ts';
import { asRow, listOf, malformed, parseJson, readNumber, type Row, saidIn } from '../common/read.ts';

export const ID = 'okx';
export const NAME = 'OKX';

/** Codes of failures that are none of what was asked: https://www.okx.com/docs-v5/en/#error-code-rest-api */
const FAILURES: Readonly<Record<number, { readonly kind: VenueFailure; readonly user: string }>> = {
  50001: { kind: 'server', user: 'is out of service for a while. Perpscope will ask again.' },
  50004: { kind: 'server', user: 'did not answer in its own time. Perpscope will ask again.' },
  50005: { kind: 'server', user: 'has its interface switched off. Perpscope will ask again.' },
  50011: { kind: 'rate-limited', user: 'asks for a pause. Perpscope waits and goes on by itself.' },
  50013: { kind: 'server', user: 'is busy. Perpscope will ask again.' },
  50026: { kind: 'server', user: 'has a fault of its own. Perpscope will ask again.' },
  50061: { kind: 'rate-limited', user: 'asks for a pause. Perpscope waits and goes on by itself.' },
};

/** `data` of an answer with status 200: a list, also where it is one thing. A code other than "0" is a failure all the same. */
export function parseData(text: string, what: string): readonly unknown[] {
  const body = asRow(parseJson(NAME, text));
  const code = readNumber(body?.['code']);
  if (body === null || code === null) throw malformed(NAME, 'an answer without a code');
  if (code !== 0) throw failureOf(code, `${NAME}: ${code} ${saidIn(body['msg'])}`);
  return listOf(NAME, body['data'], what);
}

function failureOf(code: number, said: string): VenueError {
  const known = FAILURES[code];
  return known === undefined ? malformed(NAME, said) : new VenueError(known.kind, `${NAME} ${known.user}`, said);
}

/** Rows of a list by the name of their instrument or index; the first of each counts. */
export function rowsById(list: readonly unknown[]): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (const item of list) {
    const row = asRow(item);
    const id = row?.['instId'];
    if (row !== null && typeof id === 'string' && !rows.has(id)) rows.set(id, row);
  }
  return rows;
}
