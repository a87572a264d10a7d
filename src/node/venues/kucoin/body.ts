import { VenueError } from '#core/venue-error.ts';
import { asRow, malformed, parseJson, readNumber, saidIn } from '../common/read.ts';

export const ID = 'kucoin';
export const NAME = 'KuCoin';

/** What is over its limit gets its quota back with the next window of 30 s: https://www.kucoin.com/docs-new/rate-limit */
const WINDOW_MS = 30_000;
/** Code of the gateway of Cloudflare before it: blocks for 30 s. https://www.kucoin.com/docs/basic-info/errors-code/futures-errors-code */
const CLOUDFLARE_LIMIT = 1015;
/** Of the service itself: blocks for 10 s. It is said of a wrong query of level 3 too, which is not asked here. */
const SERVICE_LIMIT = 200_002;
const SERVICE_LIMIT_MS = 10_000;

/** `data` of an answer with status 200. A code other than "200000" (an older page of the documentation has "200") is a failure all the same. */
export function parseData(text: string): unknown {
  const body = asRow(parseJson(NAME, text));
  const code = readNumber(body?.['code']);
  if (body === null || code === null) throw malformed(NAME, 'an answer without a code');
  if (code !== 200_000 && code !== 200) throw failureOf(code, `${NAME}: ${code} ${saidIn(body['msg'])}`);
  return body['data'];
}

/** Codes begin with the status that they stand for; those of 4003xx are of places that it does not serve. */
function failureOf(code: number, said: string): VenueError {
  const pause = `${NAME} asks for a pause. Perpscope waits and goes on by itself.`;
  if (code === SERVICE_LIMIT) return new VenueError('rate-limited', pause, said, SERVICE_LIMIT_MS);
  if (code === CLOUDFLARE_LIMIT || startsWith(code, 429)) return new VenueError('rate-limited', pause, said, WINDOW_MS);
  if (startsWith(code, 4003, 100)) return new VenueError('blocked', `${NAME} does not serve this region.`, said);
  if (startsWith(code, 5, 100_000)) return new VenueError('server', `${NAME} has a fault of its own. Perpscope will ask again.`, said);
  if (startsWith(code, 404)) return new VenueError('malformed', `${NAME} does not know the contract that was asked for.`, said);
  return malformed(NAME, said);
}

const startsWith = (code: number, first: number, rest = 1_000): boolean => Math.floor(code / rest) === first;
