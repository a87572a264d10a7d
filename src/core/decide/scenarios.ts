import { UserError } from '#bridge/errors.ts';
import { scenario as schema, type Scenario, type ScenarioPosition, type ScenarioSave } from '#bridge/scenario.ts';
import { type Fills, heldLegs } from '#domain/decisions/held.ts';
import type { Instrument, InstrumentId } from '#domain/instrument.ts';
import type { Reporter } from '../reporter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Owed, PersonStore, ScenarioRecord } from '../ports/person.ts';
import { fromHistory } from '../from-history.ts';

const MOST = 1000;
/** Clocks differ a little; a position is not opened in a future further than this. */
const FUTURE_MS = 60_000;

export interface ScenariosOptions {
  readonly clock: Clock;
  readonly person: Pick<PersonStore, 'scenarios' | 'recordScenario'>;
  readonly reporter: Pick<Reporter, 'notice'>;
  readonly log: Log;
  readonly now: () => number;
  /** Throws UserError 'not-found' for an unknown one. */
  readonly instrument: (id: InstrumentId) => Instrument;
  /** The list was read, or changed and is on disk. */
  readonly onChange: (all: readonly Scenario[]) => void;
}

/** Calculations kept by name. What is answered is on disk; changes happen one after the other. */
export interface Scenarios {
  /** Reads what is stored; rejects where that fails, and the next call tries again. `again`: also where it was read. */
  readonly load: (again?: boolean) => Promise<void>;
  readonly list: () => Promise<Scenario[]>;
  readonly save: (input: ScenarioSave) => Promise<Scenario>;
  readonly remove: (id: string) => Promise<null>;
  readonly open: (input: {
    id: string;
    openAt: number;
    entries?: string[] | undefined;
    contracts?: string[] | undefined;
  }) => Promise<Scenario>;
  readonly close: (input: { id: string; closedAt: number }) => Promise<Scenario>;
  /** Those whose position is open, as far as they are loaded. */
  readonly held: () => readonly Scenario[];
  /** Keeps that this was told of an open position, or that it no longer holds; false: so it is kept already, or no position is open. */
  readonly remember: (id: string, word: string, holds: boolean, owed: Owed | null) => Promise<boolean>;
}

export function createScenarios({ clock, person, reporter, log, now, instrument, onChange }: ScenariosOptions): Scenarios {
  let known = new Map<string, Scenario>();
  /** Also of rows that could not be read: nothing takes their place. */
  let taken = new Set<string>();
  let loading: Promise<void> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function read(): Promise<void> {
    const rows = await fromHistory(person.scenarios(null));
    taken = new Set(rows.map(({ id }) => id));
    known = new Map(rows.flatMap((row) => readRow(row)).map((one) => [one.id, one]));
    onChange(all());
  }
  /** A row that cannot be read costs itself: it stays in the file, for the version that wrote it. */
  function readRow({ id, savedAt, body }: ScenarioRecord): Scenario[] {
    try {
      return [schema.parse({ ...(JSON.parse(body) as object), id, savedAt })];
    } catch (error) {
      reporter.notice(`A saved scenario (${id}) could not be read and is left out. It stays in its file.`);
      log.write('warn', 'scenarios', `${id} could not be read`, { error: String(error) });
      return [];
    }
  }
  function load(again = false): Promise<void> {
    if (again) loading = null;
    loading ??= read().catch((error: unknown) => {
      loading = null;
      throw error;
    });
    return loading;
  }
  const all = (): Scenario[] => [...known.values()].sort((a, b) => a.savedAt - b.savedAt || (a.id < b.id ? -1 : 1));
  function queued<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(() => load()).then(work);
    last = mine.catch(() => undefined);
    return mine;
  }
  async function keep(next: Scenario, owed: Owed | null = null): Promise<Scenario> {
    const { id, savedAt, ...body } = next;
    await written(person.recordScenario(id, { savedAt, body: JSON.stringify(body) }, owed));
    known.set(id, next);
    taken.add(id);
    return next;
  }
  function find(id: string): Scenario {
    const found = known.get(id);
    if (!found) throw new UserError('not-found', 'That scenario does not exist any more.');
    return found;
  }
  function newId(savedAt: number): string {
    const stem = savedAt.toString(36);
    let id = stem;
    for (let i = 2; taken.has(id); i++) id = `${stem}-${i}`;
    return id;
  }
  const told = <T>(value: T): T => {
    onChange(all());
    return value;
  };

  return {
    load,
    async list() {
      await load();
      return all();
    },
    save: ({ id, ...given }) =>
      queued(async () => {
        for (const one of given.instruments) instrument(one);
        const before = id === null ? null : find(id);
        const same = (one: Scenario): boolean => one.id !== id && one.name.toLowerCase() === given.name.toLowerCase();
        if (all().some(same)) throw new UserError('bad-input', `There is a scenario called “${given.name}” already.`);
        if (before === null && known.size >= MOST)
          throw new UserError('bad-input', `At most ${MOST} scenarios are kept. Delete some first.`);
        const savedAt = Math.round(clock.now());
        const next = { ...given, id: id ?? newId(savedAt), savedAt: before?.savedAt ?? savedAt, position: before?.position ?? null };
        return told(await keep(next));
      }),
    remove: (id) =>
      queued(async () => {
        find(id);
        await written(person.recordScenario(id, null));
        known.delete(id);
        return told(null);
      }),
    open: ({ id, openAt, entries = [], contracts = [] }) =>
      queued(async () => {
        const one = find(id);
        if (openAt > now() + FUTURE_MS) throw new UserError('bad-input', 'The position cannot open in the future.');
        const position: ScenarioPosition = { openAt, closedAt: null, legs: legsOf(one, { entries, contracts }, instrument), told: [] };
        return told(await keep({ ...one, position }));
      }),
    close: ({ id, closedAt }) =>
      queued(async () => {
        const one = find(id);
        if (one.position === null) throw new UserError('bad-input', 'No position of this scenario is open.');
        if (closedAt < one.position.openAt) throw new UserError('bad-input', 'The position cannot close before it opened.');
        if (closedAt > now() + FUTURE_MS) throw new UserError('bad-input', 'The position cannot close in the future.');
        return told(await keep({ ...one, position: { ...one.position, closedAt } }));
      }),
    held: () => [...known.values()].filter(({ position }) => position?.closedAt === null),
    remember: (id, word, holds, owed) =>
      queued(async () => {
        const one = known.get(id);
        if (!one?.position || one.position.told.includes(word) === holds) return false;
        const told = one.position.told.filter((other) => other !== word);
        await keep({ ...one, position: { ...one.position, told: holds ? [...told, word] : told } }, owed);
        return true;
      }),
  };
}

const written = <T>(writing: Promise<T>): Promise<T> =>
  writing.catch((error: unknown) => {
    throw new UserError('storage', `It could not be kept: ${error instanceof Error ? error.message : String(error)}`);
  });

function legsOf(one: Scenario, fills: Fills, instrument: (id: InstrumentId) => Instrument): ScenarioPosition['legs'] {
  const instruments = one.instruments.map(instrument);
  const held = heldLegs(one, instruments[0]?.contract ?? 'linear', fills);
  if ('problems' in held) {
    const [problem] = held.problems;
    const says = problem ? `${problem.wrong} ${problem.right}` : 'The calculation gives no size.';
    const field = problem?.field.replace(/^entries\.\d+$/u, 'entry').replace(/^contracts\.\d+$/u, 'contracts') ?? one.kind;
    throw new UserError('bad-input', `This cannot be marked as open (${field}): ${says}`);
  }
  if (held.legs.length !== instruments.length) {
    throw new UserError(
      'bad-input',
      `This has ${held.legs.length} perpetual legs, and ${instruments.length} instruments were saved with it.`,
    );
  }
  return held.legs.map((leg, i) => ({ ...leg, instrument: instruments[i]?.id ?? '' }));
}
