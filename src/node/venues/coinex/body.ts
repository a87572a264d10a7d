import { VenueError } from '#core/venue-error.ts';
import { asksForPause, blocksRegion, isFaulty } from '../common/failure.ts';
import { asRow, malformed, parseJson, readNumber, saidIn } from '../common/read.ts';

export const ID = 'coinex';
export const NAME = 'CoinEx';

const PAUSES: ReadonlySet<number> = new Set([213, 4_123, 4_213]);
const FAULTS: ReadonlySet<number> = new Set([3_008, 4_001, 4_002, 4_003]);

/** `data` of an answer with status 200, which failures have too: https://docs.coinex.com/api/v2/error. */
export function parseData(text: string): unknown {
  const body = asRow(parseJson(NAME, text));
  const code = readNumber(body?.['code']);
  if (body === null || code === null) throw malformed(NAME, 'an answer without a code');
  if (code !== 0) throw failureOf(code, `${NAME}: ${code} ${saidIn(body['message'])}`);
  return body['data'];
}

function failureOf(code: number, said: string): VenueError {
  if (PAUSES.has(code)) return asksForPause(NAME, said);
  if (FAULTS.has(code)) return isFaulty(NAME, said);
  if (code === 4_007) return blocksRegion(NAME, said);
  if (code === 3_157) return new VenueError('malformed', `${NAME} has stopped the contract that was asked for.`, said);
  return malformed(NAME, said);
}
