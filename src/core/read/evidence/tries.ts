import type { StudyQuestion, StudySet } from '#bridge/evidence.ts';
import type { Log } from '../../ports/log.ts';
import type { PersonStore } from '../../ports/person.ts';

const TRY = 'try';

/** What was asked of the same instruments so far, with this question. */
export interface Tried {
  readonly count: number;
  /** Keeps this one: once it is answered. */
  keep(): Promise<void>;
}

export interface Tries {
  with(question: StudyQuestion): Promise<Tried>;
}

/**
 * Every other rule or position that was tried on the same instruments: each level of a search is one. What changes no event and no
 * side of a position (cost, size, seed) is none, nor are delays that stand side by side; the same question again is the same try. A person's file
 * that cannot be read or written costs the count, not the answer.
 */
export function createTries(person: Pick<PersonStore, 'facts' | 'recordFacts'>, log: Log): Tries {
  /** What the file refused to keep is counted as long as the app runs. */
  const here = new Set<string>();

  return {
    async with(question) {
      const subject = subjectOf(question.on);
      const asked = triesOf(question).map((one) => `${subject} ${one}`);
      const stored = await person.facts(TRY).catch((error: unknown) => {
        log.write('warn', 'evidence', `tries of before could not be read: ${String(error)}`);
        return [];
      });
      const all = new Set([...stored.map(({ id }) => id), ...here].filter((id) => id.startsWith(`${subject} `)));
      for (const one of asked) all.add(one);
      return {
        count: all.size,
        async keep() {
          for (const one of asked) here.add(one);
          await person.recordFacts(asked.map((id) => ({ kind: TRY, id, body: '{}' }))).catch((error: unknown) => {
            log.write('warn', 'evidence', `a try could not be kept: ${String(error)}`);
          });
        },
      };
    },
  };
}

/** As text that is the same for what is tried alike. */
function triesOf({ conditions, search, k, events, side, exit, delaysH, funding, from, to, nearSettlementMin }: StudyQuestion): string[] {
  const [first, ...others] = conditions;
  const rest = {
    k,
    events,
    side,
    exit,
    delayH: delaysH[0],
    funding,
    from,
    to,
    ...(nearSettlementMin !== undefined && { nearSettlementMin }),
  };
  return [first?.level, ...search].map((level) => JSON.stringify([{ ...first, level }, ...others, rest]));
}

/** Whose data it is tried on. */
function subjectOf(on: StudySet): string {
  if ('list' in on) return `list:${on.list}`;
  if ('instrument' in on) return on.instrument;
  return 'venue' in on ? `venue:${on.venue}` : 'everything';
}
