import type { CallInput, CallOutput } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import { type SavedStudy, savedStudy, type StudyQuestion, type StudyRule } from '#bridge/evidence.ts';
import { fromHistory } from '../../from-history.ts';
import type { Cancellation, Canceller } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PersonStore } from '../../ports/person.ts';
import { type SeeStudy, type Studies, type StudiedSet, StudyCancelled, type StudyInstruments, type StudyJob } from '../../ports/studies.ts';
import type { Settings } from '../../settings.ts';
import { createTries } from './tries.ts';

/** Events that a window lists: more are no list for a person. */
const MOST_EVENTS = 2000;
const MOST_SAVED = 1000;
const SAVED = 'study';

export interface EvidenceOptions {
  readonly studies: Studies;
  readonly person: Pick<PersonStore, 'facts' | 'recordFacts'>;
  readonly settings: () => Settings;
  readonly version: string;
  readonly log: Log;
  /** As the history is stamped. */
  readonly now: () => number;
  readonly newCanceller: () => Canceller;
  readonly onProgress: (job: string, share: number, doing: string) => void;
}

/** Looking back on rules: studies and counts, each under the name that its window gave it; tries, and what was saved. */
export interface Evidence {
  study(input: CallInput<'evidence.study'>): Promise<CallOutput<'evidence.study'>>;
  deciles(input: CallInput<'evidence.deciles'>): Promise<CallOutput<'evidence.deciles'>>;
  count(input: CallInput<'evidence.count'>): Promise<CallOutput<'evidence.count'>>;
  cancel(job: string): void;
  saved(): Promise<SavedStudy[]>;
  save(input: CallInput<'evidence.save'>): Promise<SavedStudy[]>;
  forget(id: string): Promise<SavedStudy[]>;
}

export function createEvidence({ studies, person, settings, version, log, now, newCanceller, onProgress }: EvidenceOptions): Evidence {
  const jobs = new Map<string, Canceller>();
  const tries = createTries(person, log);

  /** Another one of the same name ends the one before. Null: it was cancelled. */
  async function working<T>(job: string, work: (cancelled: Cancellation, see: SeeStudy) => Promise<T>): Promise<T | null> {
    jobs.get(job)?.abort();
    const canceller = newCanceller();
    jobs.set(job, canceller);
    try {
      return await work(canceller.signal, (share, doing) => onProgress(job, share, doing));
    } catch (error) {
      if (error instanceof StudyCancelled) return null;
      throw error;
    } finally {
      if (jobs.get(job) === canceller) jobs.delete(job);
    }
  }
  function itemsOf(id: string): readonly string[] {
    const found = settings().lists.find((list) => list.id === id);
    if (found === undefined) throw new UserError('not-found', 'That list does not exist any more.');
    if (found.items.length === 0) throw new UserError('bad-input', `The list “${found.name}” is empty: add instruments to it first.`);
    return found.items;
  }
  const jobOf = (question: StudyRule | StudyQuestion, ranAt: number, tries: number): StudyJob => ({
    ...{ question, tries, mostEvents: MOST_EVENTS },
    ...setOf(question, ranAt),
  });
  function setOf({ on, asOf = null }: Pick<StudyRule, 'on' | 'asOf'>, ranAt: number): StudiedSet {
    if (asOf !== null && asOf > ranAt)
      throw new UserError('bad-input', `${new Date(asOf).toISOString()} has not come yet: ask about a time that is past.`);
    const whole = (set: StudyInstruments, source: string): Omit<StudiedSet, 'now'> => ({
      on: set,
      source,
      among: null,
      isChosen: false,
    });
    const of =
      'list' in on
        ? { on: { ids: itemsOf(on.list) }, source: `list ${nameOf(on.list)}`, among: null, isChosen: true }
        : 'instrument' in on
          ? { on: { ids: [on.instrument] }, source: on.instrument, among: on.among === null ? null : itemsOf(on.among), isChosen: false }
          : 'venue' in on
            ? whole({ venue: on.venue }, `everything of ${on.venue}`)
            : whole({ venue: null }, 'everything stored');
    return { ...of, now: ranAt };
  }
  const nameOf = (list: string): string => settings().lists.find(({ id }) => id === list)?.name ?? list;

  async function saved(): Promise<SavedStudy[]> {
    const facts = await fromHistory(person.facts(SAVED));
    return facts.flatMap(({ id, body }) => {
      const read = savedStudy.safeParse({ ...parsed(body), id });
      if (!read.success) log.write('warn', 'evidence', `the saved study ${id} cannot be read; it stays in its file`);
      return read.success ? [read.data] : [];
    });
  }

  return {
    study: ({ job, question }) =>
      working(job, async (cancelled, see) => {
        const ranAt = now();
        const before = await tries.with(question);
        const { report, occurrences } = await studies.run(jobOf(question, ranAt, before.count), see, cancelled);
        if (report === null) throw new Error('a whole question was only counted');
        await before.keep();
        return { report, occurrences, tries: before.count, ranAt };
      }),
    deciles: ({ job, question }) => working(job, (cancelled, see) => studies.sort({ question, ...setOf(question, now()) }, see, cancelled)),
    count: ({ job, question }) =>
      working(job, async (cancelled, see) => (await studies.run(jobOf(question, now(), 1), see, cancelled)).occurrences),
    cancel: (job) => jobs.get(job)?.abort(),
    saved,
    async save(given) {
      const all = await saved();
      if (all.length >= MOST_SAVED) throw new UserError('bad-input', `At most ${MOST_SAVED} studies are kept. Delete some first.`);
      const savedAt = Math.round(now());
      const taken = new Set(all.map(({ id }) => id));
      let id = savedAt.toString(36);
      for (let i = 2; taken.has(id); i++) id = `${savedAt.toString(36)}-${i}`;
      await kept(person.recordFacts([{ kind: SAVED, id, body: JSON.stringify({ ...given, savedAt, version }) }]));
      return saved();
    },
    async forget(id) {
      await kept(person.recordFacts([{ kind: SAVED, id, body: null }]));
      return saved();
    },
  };
}

const kept = (writing: Promise<void>): Promise<void> =>
  writing.catch((error: unknown) => {
    throw new UserError('storage', `It could not be kept: ${error instanceof Error ? error.message : String(error)}`);
  });

function parsed(body: string | null): object {
  try {
    const read: unknown = JSON.parse(body ?? '');
    return typeof read === 'object' && read !== null ? read : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
