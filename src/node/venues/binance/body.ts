import { VenueError } from '#core/venue-error.ts';
import { asRow, malformed, parseJson, readNumber, saidIn } from '../common/read.ts';

/** JSON of an answer with status 200; {code, msg} is a failure all the same. `name`: of the market, for the sentence. */
export function parseBody(name: string, text: string, now: number): unknown {
  const body = parseJson(name, text);
  const code = readNumber(asRow(body)?.['code']);
  if (code === null || code >= 0) return body;
  const said = `${name}: ${code} ${saidIn(asRow(body)?.['msg'])}`;
  const bannedUntil = /banned until (\d{13})/u.exec(said)?.[1];
  if (bannedUntil !== undefined) {
    const waitMs = Math.max(0, Number(bannedUntil) - now);
    throw new VenueError('banned', `${name} has blocked this address for a while. Perpscope waits until it may ask again.`, said, waitMs);
  }
  if (code === -1003) throw new VenueError('rate-limited', `${name} asks for a pause. Perpscope waits and goes on by itself.`, said);
  if (code > -1100) throw new VenueError('server', `${name} has a fault of its own. Perpscope will ask again.`, said);
  throw malformed(name, said);
}
