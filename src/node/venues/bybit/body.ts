import { VenueError, type VenueFailure } from '#core/venue-error.ts';
import { MINUTE_MS } from '#domain/time.ts';
import { asAnswerTime } from '../common/poll.ts';
import { asRow, malformed, parseJson, readNumber, readTime, type Row, saidIn } from '../common/read.ts';

/** The result of an answer with status 200; a retCode other than 0 is a failure all the same. `name`: of the market, for the sentence. */
export function parseBody(name: string, text: string): { result: Row; time: number | null } {
  const body = asRow(parseJson(name, text));
  const code = readNumber(body?.['retCode']);
  if (body === null || code === null) throw malformed(name, 'an answer without a retCode');
  if (code !== 0) throw failureOf(name, code, `${name}: ${code} ${saidIn(body['retMsg'])}`);
  const result = asRow(body['result']);
  if (result === null) throw malformed(name, 'an answer without a result');
  return { result, time: asAnswerTime(readTime(body['time'])) };
}

const FAILURES: Readonly<Record<number, { kind: VenueFailure; user: string; waitMs: number | null }>> = {
  10000: { kind: 'server', user: 'has a fault of its own. Perpscope will ask again.', waitMs: null },
  10006: { kind: 'rate-limited', user: 'asks for a pause. Perpscope waits and goes on by itself.', waitMs: null },
  10009: { kind: 'banned', user: 'has blocked this address for a while. Perpscope waits before it asks again.', waitMs: 30 * MINUTE_MS },
  10010: { kind: 'blocked', user: 'does not serve this address. A proxy can be set in the settings.', waitMs: null },
  10016: { kind: 'server', user: 'has a fault of its own. Perpscope will ask again.', waitMs: null },
  // The limit per address; the venue's own advice is to stop for ten minutes.
  10018: { kind: 'rate-limited', user: 'asks for a pause. Perpscope waits and goes on by itself.', waitMs: 10 * MINUTE_MS },
  10024: { kind: 'blocked', user: 'does not serve this region.', waitMs: null },
};

function failureOf(name: string, code: number, said: string): VenueError {
  const known = FAILURES[code];
  return known === undefined ? malformed(name, said) : new VenueError(known.kind, `${name} ${known.user}`, said, known.waitMs);
}
