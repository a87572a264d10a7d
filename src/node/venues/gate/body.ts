import { VenueError, type VenueFailure } from '#core/venue-error.ts';
import { asRow, listOf, malformed, parseJson, readNumber, readText, type Row, saidIn } from '../common/read.ts';

export const ID = 'gate';
export const NAME = 'Gate';

/** The currency that contracts settle in: a list of its own, and a part of every path. */
export type Settle = 'usdt' | 'btc';
export const SETTLES: readonly Settle[] = ['usdt', 'btc'];

/** Of a symbol: what is quoted in USD settles in its coin, which is BTC alone; all the others in USDT. */
export const settleOf = (symbol: string): Settle => (/_(?:USD|BTC)$/u.test(symbol) ? 'btc' : 'usdt');

const BUSY = 'is busy. Perpscope will ask again.';
const FAULT = 'has a fault of its own. Perpscope will ask again.';
/** Labels of failures that are none of what was asked: https://www.gate.com/docs/developers/apiv4/en/#label-list */
const FAILURES: Readonly<Record<string, { readonly kind: VenueFailure; readonly user: string }>> = {
  INTERNAL: { kind: 'server', user: FAULT },
  SERVER_ERROR: { kind: 'server', user: FAULT },
  INTERNAL_SERVER_ERROR: { kind: 'server', user: FAULT },
  SERVER_TIMEOUT: { kind: 'server', user: 'did not answer in its own time. Perpscope will ask again.' },
  TOO_BUSY: { kind: 'server', user: BUSY },
  TOO_MANY_REQUESTS: { kind: 'rate-limited', user: 'asks for a pause. Perpscope waits and goes on by itself.' },
};

/** The body of an answer with status 200. One with a label is a failure all the same. Throws VenueError. */
function parseBody(text: string): unknown {
  const body = parseJson(NAME, text);
  const label = readText(asRow(body)?.['label']);
  if (label === null) return body;
  const row = asRow(body);
  const said = `${NAME}: ${label} ${saidIn(row?.['message'] ?? row?.['detail'])}`;
  const known = FAILURES[label];
  throw known === undefined ? malformed(NAME, said) : new VenueError(known.kind, `${NAME} ${known.user}`, said);
}

export const parseList = (text: string, what: string): readonly unknown[] => listOf(NAME, parseBody(text), what);

export function parseRow(text: string, what: string): Row {
  const row = asRow(parseBody(text));
  if (row === null) throw malformed(NAME, `${what} is not an object`);
  return row;
}

/** Seconds, with a fraction or without, as epoch ms; null for what does not say a time, which is how it writes 0. */
export function readSeconds(value: unknown): number | null {
  const seconds = readNumber(value);
  return seconds === null || seconds === 0 ? null : Math.round(seconds * 1_000);
}

/** Rows oldest first or newest first as newest first: the documentation promises no order. `timeOf`: null where a row says none. */
export function newestFirst(list: readonly unknown[], timeOf: (item: unknown) => number | null): readonly unknown[] {
  const times = list.flatMap((item) => timeOf(item) ?? []);
  return (times[0] ?? 0) < (times.at(-1) ?? 0) ? list.toReversed() : list;
}

/** Rows of [start, end] and those that say no time: pages are asked a little wider than they are meant. */
export const within = (
  list: readonly unknown[],
  start: number,
  end: number,
  timeOf: (item: unknown) => number | null,
): readonly unknown[] =>
  list.filter((item) => {
    const time = timeOf(item);
    return time === null || (time >= start && time <= end);
  });
