import { blocksRegion, isFaulty } from '../common/failure.ts';
import { asRow, malformed, listOf, parseJson, readText, saidIn } from '../common/read.ts';

export const ID = 'paradex';
export const NAME = 'Paradex';

/** `results` of an answer with status 200; an object with `error` is a failure all the same. */
export function parseResults(text: string, what: string): readonly unknown[] {
  const body = asRow(parseJson(NAME, text));
  if (body === null) throw malformed(NAME, `${what} is not an object`);
  const error = readText(body['error']);
  if (error === null) return listOf(NAME, body['results'], what);
  const said = `${NAME}: ${error}: ${saidIn(body['message'])}`;
  if (error === 'GEO_IP_BLOCKED') throw blocksRegion(NAME, said);
  throw error === 'INTERNAL_ERROR' || error === 'SERVICE_UNAVAILABLE' ? isFaulty(NAME, said) : malformed(NAME, said);
}
