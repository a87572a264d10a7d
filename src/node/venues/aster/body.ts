import { VenueError } from '#core/venue-error.ts';
import { asksForPause, isFaulty } from '../common/failure.ts';
import { asRow, malformed, parseJson, readNumber, saidIn } from '../common/read.ts';

export const ID = 'aster';
export const NAME = 'Aster';

/** JSON of an answer with status 200; {code, msg} is a failure all the same. Codes are those of Binance, whose interface this is. */
export function parseBody(text: string): unknown {
  const body = parseJson(NAME, text);
  const code = readNumber(asRow(body)?.['code']);
  if (code === null || code >= 0) return body;
  const said = `${NAME}: ${code} ${saidIn(asRow(body)?.['msg'])}`;
  if (code === -1003 || code === -1015) throw asksForPause(NAME, said);
  if (code > -1100) throw isFaulty(NAME, said);
  throw code === -1121
    ? new VenueError('malformed', `${NAME} does not know the contract that was asked for.`, said)
    : malformed(NAME, said);
}
