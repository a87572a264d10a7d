import { personFields, type PersonFacts } from '#bridge/settings.ts';
import type { Fact } from '#core/ports/person.ts';
import { checkEach } from '../settings-fields.ts';

/** Kinds of facts that make up what the person has in force: lists, thresholds (id '': the general ones) and rules, and their orders. */
export const IN_FORCE = ['list', 'threshold', 'rule', 'order'] as const;
const LISTS = 'lists';
const RULES = 'rules';

type Fields = Record<string, unknown>;
export type Key = string;

export const keyOf = ({ kind, id }: Pick<Fact, 'kind' | 'id'>): Key => `${kind} ${id}`;

const fact = (kind: string, id: string, body: unknown): Fact => ({ kind, id, body: JSON.stringify(body) });

/** One fact per thing that can change on its own. */
export function factsOf({ lists, thresholds, ownThresholds, alerts }: PersonFacts): Fact[] {
  return [
    ...lists.map(({ id, ...list }) => fact('list', id, list)),
    fact(
      'order',
      LISTS,
      lists.map(({ id }) => id),
    ),
    fact('threshold', '', thresholds),
    ...Object.entries(ownThresholds).map(([id, own]) => fact('threshold', id, own)),
    ...alerts.map(({ id, ...rule }) => fact('rule', id, rule)),
    fact(
      'order',
      RULES,
      alerts.map(({ id }) => id),
    ),
  ];
}

export interface ReadFacts {
  readonly person: PersonFacts;
  /** What had to be left out, in words; it stays in the file. */
  readonly faults: readonly string[];
}

/** What the facts say; of what they say nothing of, the default. A fact that cannot be used costs itself. */
export function personOf(facts: readonly Fact[], defaults: PersonFacts): ReadFacts {
  const faults: string[] = [];
  const of = (kind: string): { readonly id: string; readonly fields: Fields }[] =>
    facts.flatMap((one) => {
      if (one.kind !== kind) return [];
      const fields = parsed(one.body);
      if (fields !== null) return [{ id: one.id, fields }];
      faults.push(`What is kept of the ${kind} "${one.id}" cannot be read; it is left out and stays in the file.`);
      return [];
    });
  const orderOf = (name: string): unknown => facts.find(({ kind, id }) => kind === 'order' && id === name)?.body;
  const thresholds = of('threshold');
  const general = thresholds.find(({ id }) => id === '');
  const data: Fields = {
    ...(facts.some(({ kind }) => kind === 'list') && { lists: inOrder(of('list'), orderOf(LISTS)) }),
    ...(general && { thresholds: general.fields }),
    ownThresholds: Object.fromEntries(thresholds.flatMap(({ id, fields }) => (id === '' ? [] : [[id, fields]]))),
    alerts: inOrder(of('rule'), orderOf(RULES)),
  };
  const { values: person, faults: found } = checkEach<PersonFacts>(personFields, data, defaults, 'setting');
  return { person, faults: [...faults, ...found] };
}

function parsed(body: string | null): Fields | null {
  try {
    const read: unknown = JSON.parse(body ?? '');
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Fields) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** In the order that is kept; what that does not name comes last. */
function inOrder(things: readonly { readonly id: string; readonly fields: Fields }[], order: unknown): Fields[] {
  const ids: unknown = typeof order === 'string' ? JSON.parse(order) : [];
  const placeOf = (id: string): number => {
    const place = Array.isArray(ids) ? ids.indexOf(id) : -1;
    return place < 0 ? Infinity : place;
  };
  const places = new Map(things.map(({ id }) => [id, placeOf(id)]));
  const before = (a: string, b: string): number => {
    const [x = Infinity, y = Infinity] = [places.get(a), places.get(b)];
    return x === y ? 0 : x - y;
  };
  return [...things].sort((a, b) => before(a.id, b.id)).map(({ id, fields }) => ({ ...fields, id }));
}

/** Facts that `next` says and `known` does not, and deletions of what only `known` has. */
export function changesTo(next: readonly Fact[], known: ReadonlyMap<Key, string>): Fact[] {
  const said = new Set(next.map(keyOf));
  const gone = [...known.keys()].filter((key) => !said.has(key)).map((key) => ({ ...named(key), body: null }));
  return [...next.filter((one) => known.get(keyOf(one)) !== one.body), ...gone];
}

function named(key: Key): Pick<Fact, 'kind' | 'id'> {
  const space = key.indexOf(' ');
  return { kind: key.slice(0, space), id: key.slice(space + 1) };
}
