import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPositions, type Positions } from '#core/decide/positions.ts';
import { createScenarios } from '#core/decide/scenarios.ts';
import { defaultSettings } from '#core/default-settings.ts';
import { createEvents } from '#core/events.ts';
import { createReporter } from '#core/reporter.ts';
import type { Log } from '#core/ports/log.ts';
import type { PersonStore } from '#core/ports/person.ts';
import { createAlertNews } from '#core/read/alerts/alert-news.ts';
import { createSignalNews } from '#core/read/signal-news.ts';
import { buildRow } from '#core/read/watch-rows.ts';
import type { AlertRule } from '#core/settings.ts';
import { createTeller } from '#core/teller.ts';
import { newInstrument } from '#domain/instrument.ts';
import type { SignalEntry } from '#domain/signal.ts';
import type { SqlitePerson } from '#node/person/sqlite-person.ts';
import { FakeClock } from '#test/support/fake-clock.ts';
import { T0, tempDir } from '../node/history/support.ts';
import { openFile } from '../node/person/support.ts';

const HOUR = 3_600_000;
const xyz = newInstrument({ venue: 'alpha', symbol: 'XYZUSDT', asset: 'XYZ', quote: 'USDT', settle: 'USDT' });
const params = { theta: 0.0005, k: 3, n: 12 };
const rule: AlertRule = {
  id: 'r1',
  name: 'Crowd',
  on: { instrument: xyz.id, among: null },
  conditions: [{ choice: { metric: 'ema-divergence', params: {} }, op: 'outside', level: 0.0005 }],
  k: 3,
  enabled: true,
  since: 0,
};
const quiet: Log = { write: () => undefined };
const none = new Float64Array();
const settled = { key: none, stamp: none, rate: none, intervalH: none, mark: none, premium: none, learntAt: none };

/** The three that find entries, over one person's file; `find(h)` finds the entry of a run that began at hour `run`, at hour h of it. */
class Room {
  readonly told: string[] = [];
  readonly logged: string[] = [];
  fails = false;
  tells = true;
  /** What is told is posted too. */
  posts = false;
  /** The process is killed once it has kept an entry: nothing after that comes to pass. */
  killed = false;
  run = 0;
  #closedAt = T0;
  readonly #file = join(tempDir(), 'person.sqlite');
  readonly #kind: 'signal' | 'alert' | 'position';
  readonly #clock = new FakeClock(T0 + 6 * HOUR, 1);
  #person!: SqlitePerson;
  #find!: (at: number) => Promise<unknown>;
  #positions!: Positions;
  #mark = 100;

  constructor(kind: 'signal' | 'alert' | 'position') {
    this.#kind = kind;
  }
  /** The first start, or a restart: only what is on the disk is known. */
  async open(): Promise<void> {
    this.#person = openFile(this.#file, { now: () => this.#clock.now() }).store;
    const file = this.#person;
    const soon = async <T>(work: () => T): Promise<T> => {
      await Promise.resolve();
      if (this.fails) throw new Error('the disk is full.');
      const kept = work();
      if (this.killed) await new Promise(() => undefined);
      return kept;
    };
    const person: Pick<
      PersonStore,
      | 'recordSignal'
      | 'recordAlert'
      | 'alerts'
      | 'signalLog'
      | 'newestAlerts'
      | 'acknowledge'
      | 'scenarios'
      | 'recordScenario'
      | 'owed'
      | 'paid'
    > = {
      recordSignal: (...entry) => soon(() => file.recordSignal(...entry)),
      recordAlert: (...entry) => soon(() => file.recordAlert(...entry)),
      alerts: (...asked) => soon(() => file.alerts(...asked)),
      newestAlerts: () => soon(() => file.newestAlerts()),
      acknowledge: (entries) => soon(() => file.acknowledge(entries)),
      signalLog: (...asked) => soon(() => file.signalLog(...asked)),
      scenarios: (asOf) => soon(() => file.scenarios(asOf)),
      recordScenario: (...record) => soon(() => file.recordScenario(...record)),
      owed: () => soon(() => file.owed()),
      paid: (...told) => soon(() => file.paid(...told)),
    };
    const log: Log = {
      write: (level, area, message) => {
        if (level === 'info' && area === this.#kind) this.logged.push(message);
      },
    };
    const events = createEvents(quiet);
    events.on('entered', ({ title }) => this.told.push(title));
    const reporter = createReporter({ store: { recordEvent: () => Promise.resolve() }, log, onChange: () => undefined });
    const teller = createTeller({
      person,
      clock: this.#clock,
      reporter,
      log,
      events,
      webhook: { isOn: () => this.posts, wake: () => undefined },
      tells: () => this.tells,
    });
    const names = { instrument: () => xyz, venueName: () => 'Alpha' };
    const now = (): number => this.#clock.now();
    const signals = createSignalNews({ person, teller, unit: () => '8h', ...names });
    const alerts = createAlertNews({
      person,
      teller,
      log,
      now: () => this.#closedAt + 2000,
      unit: () => '8h',
      manners: () => defaultSettings([]).alertManners,
      settlementMs: () => null,
      ...names,
    });
    const startedAt = (): number => T0 + this.run * HOUR;
    if (this.#kind === 'signal') {
      const entry = { side: 1, d: 0.001, f: 0.001, observations: 3, running: 3, crowded: true, neutralPerHour: null } as const;
      this.#find = (at) => signals(xyz.id, { ...entry, at, startedAt: startedAt() } satisfies SignalEntry, params);
    } else if (this.#kind === 'alert') {
      const until = Number.MAX_SAFE_INTEGER;
      this.#find = (at) => alerts.entered(rule, [{ id: xyz.id, entry: { at, startedAt: startedAt(), values: [0.001] }, until }]);
    } else {
      const scenarios = createScenarios({
        clock: this.#clock,
        person,
        reporter,
        log: quiet,
        now,
        instrument: () => xyz,
        onChange: () => this.#positions.refresh(),
      });
      this.#positions = createPositions({
        scenarios,
        accrues: () => false,
        store: {
          settled: () => Promise.resolve(settled),
          spans: () => Promise.resolve([]),
          hours: () => Promise.reject(new Error('not asked for')),
          prices: () => Promise.reject(new Error('not asked for')),
        },
        reporter,
        teller,
        row: () => this.#row(),
        now,
        maintenance: () => Promise.resolve(null),
        venueName: () => 'Alpha',
        onChange: () => undefined,
      });
      await scenarios.load();
      if (scenarios.held().length === 0) {
        const input = {
          contract: 'linear',
          side: 'long',
          margin: 'isolated',
          entry: '100',
          contracts: '10',
          leverage: 5,
          money: 'USDT',
          quote: 'USDT',
        } as const;
        const { id } = await scenarios.save({
          id: null,
          name: 'Long',
          kind: 'liquidation',
          instruments: [xyz.id],
          typed: [],
          input: { ...input, maintenance: { kind: 'flat', rate: 0.005 } },
        });
        await scenarios.open({ id, openAt: now() });
        this.#positions.refresh();
      }
      this.#find = async () => {
        this.#mark = 85;
        // A poll, and settlements read again.
        this.#positions.changed([xyz.id]);
        this.#positions.settled(xyz.id);
        await this.#positions.list();
      };
    }
    await teller.resume();
    await this.#clock.advance(0);
  }
  /** What waits to be posted. */
  waiting(): number {
    return this.#person.posts(this.#clock.now(), Number.MAX_SAFE_INTEGER).total;
  }
  /** The time in which nothing runs. */
  async wait(ms: number): Promise<void> {
    await this.#clock.advance(ms);
  }
  async restart(): Promise<void> {
    this.#person.close();
    await this.open();
  }
  async find(hour = 3): Promise<void> {
    this.#closedAt = T0 + (this.run + hour) * HOUR;
    await this.#find(this.#closedAt);
    await this.#clock.advance(0);
  }
  /** The run is over, and another one begins. */
  async again(): Promise<void> {
    this.run += 4;
    if (this.#kind !== 'position') return;
    this.#mark = 100;
    this.#positions.changed([xyz.id]);
    await this.#clock.advance(0);
  }
  #row() {
    const snapshot = {
      symbol: 'XYZUSDT',
      rate: 0,
      intervalH: 8,
      nextFundingAt: null,
      mark: this.#mark,
      index: this.#mark,
      openInterest: null,
      volume24h: null,
      interestPer8h: null,
    };
    const observedAt = this.#clock.now();
    return buildRow({
      id: xyz.id,
      listing: { instrument: xyz, snapshot, observedAt, intervalH: 8, missing: 0 },
      view: null,
      params,
      accrues: false,
      own: [],
      pinned: null,
      polls: 3,
      now: observedAt,
      pollMs: 30_000,
      cells: {},
    });
  }
}

type Found = (room: Room) => Promise<unknown>;
const TWICE: readonly (readonly [string, Found])[] = [
  ['worked out again', (room) => room.find()],
  [
    'after a restart',
    async (room) => {
      await room.restart();
      await room.find();
    },
  ],
  ['after a correction that moved it within its run', (room) => room.find(4)],
  [
    'after a correction and a restart',
    async (room) => {
      await room.restart();
      await room.find(2);
    },
  ],
];
const KINDS = ['signal', 'alert', 'position'] as const;
const CASES = KINDS.flatMap((kind) => TWICE.map(([how, found]) => [kind, how, found] as const));

test.each(CASES)('a %s that is found twice is told once: %s', async (kind, _, found) => {
  const room = new Room(kind);
  await room.open();
  await room.find();
  expect([room.told.length, room.logged.length]).toEqual([1, 1]);
  await found(room);
  expect([room.told.length, room.logged.length]).toEqual([1, 1]);
  // Another run is another entry.
  await room.again();
  await room.find();
  expect([room.told.length, room.logged.length]).toEqual([2, 2]);
});

test.each(KINDS)('a %s that two find at the same time is told once', async (kind) => {
  const room = new Room(kind);
  await room.open();
  await Promise.all([room.find(), room.find()]);
  expect([room.told.length, room.logged.length]).toEqual([1, 1]);
});

test.each(KINDS)('a %s that cannot be kept is told once all the same', async (kind) => {
  const room = new Room(kind);
  await room.open();
  room.fails = true;
  await room.find();
  await room.find();
  expect([room.told.length, room.logged.length]).toEqual([1, 1]);
});

test.each(KINDS)('a %s that was kept when the process was killed is told at the next start, once', async (kind) => {
  const room = new Room(kind);
  await room.open();
  room.killed = true;
  void room.find();
  await room.wait(0);
  expect(room.told).toEqual([]);
  room.killed = false;
  await room.restart();
  expect(room.told).toHaveLength(1);
  await room.find();
  await room.restart();
  await room.find();
  expect(room.told).toHaveLength(1);
});

test.each(KINDS)('a %s that was kept long before the next start is no news', async (kind) => {
  const room = new Room(kind);
  await room.open();
  room.killed = true;
  void room.find();
  await room.wait(0);
  await room.wait(2 * HOUR);
  room.killed = false;
  await room.restart();
  await room.restart();
  expect(room.told).toEqual([]);
});

test.each(KINDS)(
  'a %s is to be posted from when it was told on, once, and a kill between keeping and telling loses it not',
  async (kind) => {
    const room = new Room(kind);
    room.posts = true;
    await room.open();
    room.killed = true;
    void room.find();
    await room.wait(0);
    expect(room.waiting()).toBe(0);
    room.killed = false;
    await room.restart();
    expect([room.told.length, room.waiting()]).toEqual([1, 1]);
    await room.find();
    await room.restart();
    expect([room.told.length, room.waiting()]).toEqual([1, 1]);
    room.posts = false;
    await room.again();
    await room.find();
    expect([room.told.length, room.waiting()]).toEqual([2, 1]);
  },
);
