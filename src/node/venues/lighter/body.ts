import { asksForPause } from '../common/failure.ts';
import { asRow, malformed, parseJson, type Row, saidIn } from '../common/read.ts';

export const ID = 'lighter';
export const NAME = 'Lighter';

/** The object of an answer with status 200; a `code` other than 200 is a failure all the same. */
export function parseObject(text: string, what: string): Row {
  const body = asRow(parseJson(NAME, text));
  if (body === null) throw malformed(NAME, `${what} is not an object`);
  const { code } = body;
  if (code === undefined || code === 200) return body;
  const said = `${NAME}: ${saidIn(code)}: ${saidIn(body['message'])}`;
  throw code === 23_000 ? asksForPause(NAME, said) : malformed(NAME, said);
}
