import { personFacts, personFields, type PersonFacts } from '#bridge/settings.ts';
import type { Log } from '#core/ports/log.ts';
import type { Fact, PersonStore } from '#core/ports/person.ts';
import { HistoryError, messageOf } from '../history/errors.ts';
import type { DatabaseKind } from '../history/schema.ts';
import { WorkerClient } from '../history/worker-client.ts';
import { checkEach } from '../settings-fields.ts';
import type { PersonFileState } from './sqlite-person.ts';
import { startPersonWorker } from './start-worker.ts';
import { changesTo, factsOf, keyOf, personOf } from './words.ts';

export interface OpenPersonOptions {
  readonly file: string;
  readonly demo: boolean;
  readonly log: Log;
  readonly now: () => number;
  readonly defaults: PersonFacts;
  /** Fields that settings.json of an older version holds; null: none. */
  readonly outgrown: Readonly<Record<string, unknown>> | null;
  /** The market's history beside it: an older version kept scenarios and logs there. */
  readonly history: string;
  /** This process has the lock of the person's file; asked at every `tend`. */
  readonly mine?: () => boolean;
}

export interface OpenedPersonStore extends PersonStore {
  /** All that settings.json held of the person is in the file, on disk, and nothing of it had to be left out. */
  readonly tookSettings: boolean;
  /** When the newest of what it keeps was written, UTC ms; 0: it keeps nothing of known time. */
  newest(): Promise<number>;
}

const RETRY_MIN_MS = 5_000;
const RETRY_MAX_MS = 60_000;

/**
 * The person's file, written in a worker of its own; the caller holds its lock. Rejects with HistoryError 'newer' or 'other-kind'
 * where it must not be touched; any other trouble with it ends in a notice, and the session goes on in memory.
 */
export async function openPerson(options: OpenPersonOptions): Promise<OpenedPersonStore> {
  const { file, demo, log, now, defaults, outgrown, mine = () => true } = options;
  const kind: DatabaseKind = demo ? 'demo' : 'live';
  const before = checkEach<PersonFacts>(personFields, outgrown ?? {}, defaults, 'setting');
  const notices = before.faults.map((fault) => `${fault} It stays in settings.json.`);
  const old = { facts: factsIn(outgrown, before.values), history: options.history };
  const client = new WorkerClient(() => startPersonWorker({ file, kind, old, now: now() }), now, log);
  await client.open();

  let state = await client.ask<PersonFileState>('state');
  const isTaken = state.onDisk && (await client.ask<boolean>('tookSettings'));
  if (state.onDisk && !isTaken)
    notices.push(
      `settings.json holds lists, thresholds or alerts of an older Perpscope, and ${file} others, which are in force. They stay in settings.json.`,
    );
  let current = defaults;
  /** As the file says it last; what is no part of `current` is not ours to change. */
  let known = new Map<string, string>();
  let changed = false;
  let failure: string | null = null;
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let retryMs = RETRY_MIN_MS;
  await read(true);
  if (state.onDisk) await client.ask('keepGood');

  /** `adopt`: what the file says is in force, unless that was changed while it was read; else it is told what is. */
  async function read(adopt: boolean): Promise<void> {
    const before = current;
    const facts = await client.ask<Fact[]>('facts', null);
    const found = personOf(facts, defaults);
    if (adopt) {
      if (current === before) current = found.person;
      for (const fault of found.faults) if (!notices.includes(fault)) notices.push(fault);
    }
    const ours = new Set(factsOf(found.person).map(keyOf));
    known = new Map(facts.filter((one) => ours.has(keyOf(one))).map((one) => [keyOf(one), one.body ?? '']));
  }
  /** Facts that differ from what the file says; a new person's defaults are no words of theirs, until something is. */
  const changes = (): Fact[] => (changed ? changesTo(factsOf(current), known) : []);

  async function write(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    for (let next = changes(); next.length > 0; next = changes()) {
      try {
        await client.ask('keep', next);
      } catch (error) {
        failure = `Your lists, thresholds and alerts cannot be written to ${file} (${error instanceof HistoryError ? error.user : messageOf(error)}). They are kept in memory and tried again.`;
        log.write('error', 'person', failure);
        timer = setTimeout(() => void start(), retryMs);
        retryMs = Math.min(RETRY_MAX_MS, retryMs * 2);
        return;
      }
      for (const one of next) {
        if (one.body === null) known.delete(keyOf(one));
        else known.set(keyOf(one), one.body);
      }
      failure = null;
      retryMs = RETRY_MIN_MS;
    }
  }
  /** One after the other: what changes while it is written goes with the next round. */
  function start(): Promise<void> {
    return (writing ??= write().finally(() => {
      writing = null;
    }));
  }
  async function seen(next: PersonFileState): Promise<boolean> {
    const other = next.generation !== state.generation;
    state = next;
    if (!other) return false;
    await writing;
    await read(next.found);
    // Where a good copy took the place of a damaged file, it is told what is in force.
    changed ||= !next.found;
    await start();
    return next.found;
  }

  return {
    tookSettings: isTaken && before.faults.length === 0,
    newest: () => client.ask('newest'),
    get current() {
      return current;
    },
    get notices() {
      return [...state.notices, ...(failure === null ? [] : [failure]), ...notices];
    },
    update(change) {
      current = personFacts.parse(change(current));
      changed = true;
      void start();
      return current;
    },
    async flush() {
      // What came after a round had begun is in the next one.
      await start();
      if (changes().length > 0 && failure === null) await start();
      const reason = failure ?? (state.onDisk ? null : (state.notices[0] ?? 'it is in memory only'));
      if (reason !== null) throw new Error(reason);
    },
    at: async (asOf) => personOf(await client.ask<Fact[]>('facts', asOf), defaults).person,
    recordSignal: (...entry) => client.ask('recordSignal', ...entry),
    recordScenario: (...record) => client.ask('recordScenario', ...record),
    recordAlert: (...alert) => client.ask('recordAlert', ...alert),
    owed: () => client.ask('owed'),
    paid: (...told) => client.ask('paid', ...told),
    posts: (...asked) => client.ask('posts', ...asked),
    posted: (id) => client.ask('posted', id),
    putOff: (...post) => client.ask('putOff', ...post),
    hurry: () => client.ask('hurry'),
    askCollector: (request) => client.ask('askCollector', request),
    signals: (...range) => client.ask('signals', ...range),
    signalLog: (limit, asOf) => client.ask('signalLog', limit, asOf),
    facts: (kind) => client.ask('factsOf', kind),
    recordFacts: (facts) => client.ask('keep', facts),
    scenarios: (asOf) => client.ask('scenarios', asOf),
    alerts: (limit, asOf) => client.ask('alerts', limit, asOf),
    newestAlerts: () => client.ask('newestAlerts'),
    acknowledge: (entries) => client.ask('acknowledge', entries),
    othersWrote: () => client.ask('othersWrote'),
    tend: async () => seen(await client.ask<PersonFileState>('tend', mine())),
    async close() {
      if (timer !== null) clearTimeout(timer);
      await start();
      if (timer !== null) clearTimeout(timer);
      await client.close();
    },
  };
}

/** Of the fields that are there: a default is no word of the person. */
function factsIn(outgrown: Readonly<Record<string, unknown>> | null, checked: PersonFacts): Fact[] {
  const has = (name: keyof PersonFacts): boolean => outgrown !== null && Object.hasOwn(outgrown, name);
  const fieldOf = ({ kind, id }: Fact): keyof PersonFacts => {
    if (kind === 'threshold') return id === '' ? 'thresholds' : 'ownThresholds';
    return kind === 'list' || id === 'lists' ? 'lists' : 'alerts';
  };
  return factsOf(checked).filter((one) => has(fieldOf(one)));
}
