import type { Wire } from '#node/demo/wire.ts';

/** What becomes of a field while an exchange is not itself. */
export const SPOILERS = ['empty', 'null', 'missing', 'renamed', 'object', 'huge', 'negative', 'long'] as const;
export type Spoiler = (typeof SPOILERS)[number];

/** A field of every row of an answer: 'GET /fapi/v1/premiumIndex' and '[].lastFundingRate'. */
export interface SpoiltField {
  readonly endpoint: string;
  readonly field: string;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
/** Rows of an array are one place; the values of a candle each have their own. */
const placeOf = (list: readonly unknown[], i: number): string => (typeof list[i] === 'object' && list[i] !== null ? '[]' : `[${i}]`);

/** Every field of an answer, each once. */
export function fieldsOf(body: unknown, at = ''): string[] {
  const found = new Set<string>();
  if (Array.isArray(body)) {
    for (const [i, item] of body.entries()) {
      const place = at + placeOf(body, i);
      if (!place.endsWith('[]')) found.add(place);
      for (const field of fieldsOf(item, place)) found.add(field);
    }
  } else if (isObject(body)) {
    for (const [name, value] of Object.entries(body)) {
      found.add(`${at}.${name}`);
      for (const field of fieldsOf(value, `${at}.${name}`)) found.add(field);
    }
  }
  return [...found];
}

const VALUES: Readonly<Partial<Record<Spoiler, unknown>>> = {
  empty: '',
  null: null,
  object: { value: 1 },
  huge: '1e308',
  negative: '-1e308',
  long: '9'.repeat(5000),
};

/** The answer with that field spoilt in every row that has it; everything else as it was. */
export function spoilt(body: unknown, field: string, how: Spoiler, at = ''): unknown {
  if (!field.startsWith(at)) return body;
  if (Array.isArray(body))
    return body.flatMap((item: unknown, i) => {
      const place = at + placeOf(body, i);
      if (place !== field) return [spoilt(item, field, how, place)];
      return how === 'missing' || how === 'renamed' ? [] : [VALUES[how]];
    });
  if (!isObject(body)) return body;
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      const place = `${at}.${name}`;
      if (place !== field) return [[name, spoilt(value, field, how, place)]];
      if (how === 'missing') return [];
      return [how === 'renamed' ? [`${name}V2`, value] : [name, VALUES[how]]];
    }),
  );
}

/** The endpoint of a request; Hyperliquid's are told apart by what they ask for. */
export function endpointOf({ method, path, body }: Parameters<Wire>[0]): string {
  const asked: unknown = method === 'POST' && body !== '' ? JSON.parse(body) : null;
  return `${method} ${path}${isObject(asked) && typeof asked['type'] === 'string' ? ` ${asked['type']}` : ''}`;
}

/** An exchange of which a field is spoilt from `from` until `until`. */
export function spoiltWire(wire: Wire, { endpoint, field }: SpoiltField, how: Spoiler, from: number, until: number): Wire {
  return (request, now) => {
    const answer = wire(request, now);
    if (now < from || now >= until || answer.type !== 'application/json' || endpointOf(request) !== endpoint) return answer;
    return { ...answer, body: JSON.stringify(spoilt(JSON.parse(answer.body), field, how)) };
  };
}
