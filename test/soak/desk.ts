import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { deserialize } from 'node:v8';
import { observationTime } from '#core/venue.ts';
import type { BookRecord, HistoryEvent, PollRecord } from '#core/ports/history-facts.ts';
import { venueOf } from '#domain/instrument.ts';
import { HOUR_MS, type Span } from '#domain/time.ts';
import { Contracts } from '#node/demo/contracts.ts';
import { settlements } from '#node/demo/funding.ts';
import { demoVenues } from '#node/demo/market.ts';
import { Process } from '#node/demo/process.ts';
import { Story } from '#node/demo/story.ts';
import { SqliteHistory } from '#node/history/sqlite-history.ts';
import { DEMO_SEED } from '#node/open-app.ts';
import { type Entry, readJournal } from '#test/support/desk-journal.ts';
import { generator } from '#test/support/generator.ts';
import { hasPostgres, type PostgresServer, startPostgres } from '#test/support/postgres-server.ts';
import { readAll } from '../unit/node/postgres/read-all.ts';

const SCHEMA = 'perpscope_demo';
const WATCHED = ['binance:BTCUSDT', 'binance:ETHUSDT', 'hyperliquid:BTC', 'hyperliquid:ETH'];
const TERMINALS = 3;
/** A hand-over longer than this is too long, ms. */
const LONGEST_MS = 30_000;

export interface DeskReport {
  readonly failOvers: number;
  readonly kills: number;
  readonly pauses: number;
  readonly databaseKills: number;
  readonly terminalKills: number;
  /** From the end of a collector, or its pause, until another holds its venues, ms, ascending; outages of the database are not among them. */
  readonly tookMs: readonly number[];
  readonly acknowledged: number;
  /** Without an answer, and there all the same. */
  readonly unheard: number;
  readonly refused: number;
  /** Waited on a collector's disk, and were written before another went on recording, or after that. */
  readonly waited: number;
  readonly late: number;
  readonly settlements: number;
  readonly polls: number;
  readonly hours: number;
  readonly marketHours: number;
}

interface Options {
  readonly failOvers: number;
  readonly seed: number;
  /** Of the demo's market: its settlements come so much sooner. */
  readonly speed: number;
}

interface Collecting {
  readonly name: string;
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  toFetch: number;
  at: number;
  polls: number;
}

class Desk {
  readonly dir = mkdtempSync(join(tmpdir(), 'perpscope-desk-'));
  readonly collecting = new Map<string, Collecting>();
  readonly terminals = new Map<number, { readonly child: ChildProcess; readonly ended: Promise<unknown> }>();
  readonly journals: string[] = [];
  /** Of each journal's process. */
  readonly pids = new Map<string, number>();
  keep = false;
  readonly #server: PostgresServer;
  readonly #speed: number;
  readonly address: string;

  constructor(server: PostgresServer, speed: number) {
    this.#server = server;
    this.#speed = speed;
    this.address = server.newDatabase();
  }

  /** The last line of what is answered. */
  sql(text: string): string {
    const database = new URL(this.address).pathname.slice(1);
    return this.#server.sql(database, `SET search_path = ${SCHEMA}; ${text}`).split('\n').at(-1) ?? '';
  }
  epoch(): number {
    return Number(this.sql("SELECT coalesce(max(epoch), 0) FROM leases WHERE what = 'binance'"));
  }
  /** The process that holds a venue. */
  holder(): Collecting | null {
    const pid = /process (\d+)/u.exec(this.sql("SELECT coalesce(max(holder), '') FROM leases WHERE what = 'binance'"))?.[1];
    return [...this.collecting.values()].find(({ child }) => String(child.pid) === pid) ?? null;
  }

  collect(name: string): Collecting {
    const journal = join(this.dir, `${this.journals.length}.${name}.journal`);
    this.journals.push(journal);
    const folder = join(this.dir, name);
    mkdirSync(folder, { recursive: true });
    const flags = ['--store', this.address, '--data-dir', folder, '--demo', '--demo-speed', String(this.#speed), '--json'];
    const what = ['--venue', 'binance', '--venue', 'hyperliquid', ...WATCHED.flatMap((id) => ['--symbol', id])];
    const child = spawn(process.execPath, [join(import.meta.dirname, 'desk-child.ts'), journal, ...flags, ...what], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.pids.set(journal, child.pid ?? 0);
    const one: Collecting = { name, child, ended: once(child, 'exit'), toFetch: Infinity, at: 0, polls: 0 };
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { event: string; toFetch: number; at: number };
      if (said.event === 'polled') Object.assign(one, { toFetch: said.toFetch, at: said.at, polls: one.polls + 1 });
    });
    this.collecting.set(name, one);
    return one;
  }
  show(number: number): void {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'desk-terminal-child.ts'), this.address], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.terminals.set(number, { child, ended: once(child, 'exit') });
  }
  async close(): Promise<void> {
    for (const { child, ended } of [...this.collecting.values(), ...this.terminals.values()]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await ended;
    }
    if (this.keep) console.error(`what was recorded, and logs, are in ${this.dir}`);
    else rmSync(this.dir, { recursive: true, force: true });
  }
}

async function until<T>(what: string, ms: number, look: () => T | null | false): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const seen = look();
    if (seen !== null && seen !== false) return seen;
    if (performance.now() > end) throw new Error(`${what}: not within ${ms / 1000} s`);
    await wait(100);
  }
}

/** Two collectors and three terminals on one PostgreSQL, disturbed at seeded moments. Throws at the first loss or difference. */
export async function deskSoak({ failOvers, seed, speed }: Options): Promise<DeskReport> {
  const server = await startPostgres();
  const desk = new Desk(server, speed);
  const random = generator(seed);
  const counts = { kills: 0, pauses: 0, databaseKills: 0, terminalKills: 0 };
  const tookMs: number[] = [];
  try {
    desk.collect('first');
    await until('the first poll', 60_000, () => (desk.collecting.get('first')?.polls ?? 0) > 0);
    desk.collect('second');
    for (let number = 0; number < TERMINALS; number++) desk.show(number);

    const database = async (): Promise<void> => {
      counts.databaseKills++;
      server.stop('immediate');
      await wait(500 + random() * 6_000);
      server.start();
    };
    const holding = (): Promise<Collecting> => until('a holder', 60_000, () => desk.holder());
    /** One that stands still or is gone, until the other has its place. */
    async function failOver(): Promise<void> {
      const one = await holding();
      const before = desk.epoch();
      const polls = new Map([...desk.collecting.values()].map((each) => [each, each.polls]));
      const isKill = random() < 0.6;
      one.child.kill(isKill ? 'SIGKILL' : 'SIGSTOP');
      counts[isKill ? 'kills' : 'pauses']++;
      const begun = performance.now();
      const withOutage = random() < 0.2;
      if (isKill) {
        await one.ended;
        if (random() < 0.3) desk.collect(one.name);
      }
      if (withOutage) await database();
      await until('another holder', 2 * LONGEST_MS, () => desk.epoch() > before);
      if (!withOutage) tookMs.push(performance.now() - begun);
      if (!isKill) one.child.kill('SIGCONT');
      else if (desk.collecting.get(one.name) === one) desk.collect(one.name);
      const next = await holding();
      await until('a poll of the next holder', 60_000, () => next.polls > (polls.get(next) ?? 0));
    }
    for (let done = 0; done < failOvers; done++) {
      if (done > 0) await wait(random() * 3_000);
      if (random() < 0.3 || done === 0) {
        const [number] = [Math.floor(random() * TERMINALS)];
        const terminal = desk.terminals.get(number);
        terminal?.child.kill('SIGKILL');
        await terminal?.ended;
        desk.show(number);
        counts.terminalKills++;
      }
      if (done === 0 || random() < 0.2) await database();
      // A pause that is shorter than the lease changes nothing.
      if (random() < 0.3) {
        const one = await holding();
        one.child.kill('SIGSTOP');
        await wait(random() * 4_000);
        one.child.kill('SIGCONT');
        counts.pauses++;
      }
      await failOver();
      if (process.env['VERBOSE']) console.log(done + 1, Math.round(tookMs.at(-1) ?? 0), JSON.stringify(counts));
    }

    const last = await holding();
    const [since] = [last.at];
    // What the last hours left open is fetched, and one whole hour more.
    await until('all is fetched', 180_000, () => last.toFetch === 0 && last.at > since + 2 * HOUR_MS);
    const end = last.at;
    for (const { child } of desk.collecting.values()) child.kill('SIGTERM');
    for (const { ended } of desk.collecting.values()) await ended;
    const entries = desk.journals.map((path) => ({
      name: path.split('.').at(-2) ?? '',
      pid: desk.pids.get(path) ?? 0,
      entries: readJournal(path),
    }));
    const from = Math.min(...polls(entries));
    const shown: unknown[] = [];
    for (const [number, { child, ended }] of desk.terminals) {
      const file = join(desk.dir, `shown.${number}`);
      child.stdin?.write(`${JSON.stringify({ file, from: 0, to: end })}\n`);
      await ended;
      shown.push(deserialize(readFileSync(file)));
    }
    const fed = await embedded(desk, entries, end, shown[0] as Read);
    for (const one of shown) same(fed.read, one);
    const left = readdirSync(desk.dir, { recursive: true, encoding: 'utf8' }).filter((name) => /damaged|\.new$/u.test(name));
    if (left.length > 0) throw new Error(`left behind: ${left.join()}`);
    const facts = shown[0] as Read;
    const longest = Math.max(0, ...tookMs);
    if (longest > LONGEST_MS) throw new Error(`a hand-over took ${longest} ms`);
    return {
      failOvers,
      ...counts,
      tookMs: tookMs.map(Math.round).sort((a, b) => a - b),
      ...fed.counts,
      settlements: settledOnce(facts, from, end),
      polls: Object.values(facts.of).reduce((sum, one) => sum + one.snapshots.observedAt.length, 0),
      hours: Object.values(facts.of).reduce((sum, one) => sum + one.hours.close.length, 0),
      marketHours: (end - from) / HOUR_MS,
    };
  } catch (error) {
    desk.keep = true;
    throw error;
  } finally {
    await desk.close();
    server.close();
  }
}

type Read = Omit<Awaited<ReturnType<typeof readAll>>, 'of' | 'runs'> & {
  readonly runs: readonly Span[];
  readonly of: Readonly<
    Record<
      string,
      {
        readonly settled: { readonly key: Float64Array; readonly rate: Float64Array };
        readonly snapshots: { readonly observedAt: Float64Array };
        readonly books: { readonly at: Float64Array };
        readonly hours: { readonly close: Float64Array };
      }
    >
  >;
};

interface Life {
  /** Of the collector that lived it. */
  readonly name: string;
  readonly pid: number;
  readonly entries: readonly Entry[];
}
type Asked = Extract<Entry, { kind: 'asked' }>;

/** What waits on a collector's disk where the database is away. */
const WAITS: ReadonlySet<string> = new Set(['recordPoll', 'recordEvent', 'recordBooks', 'recordRun', 'recordOrderRules']);

const polls = (lives: readonly Life[]): number[] =>
  lives
    .flatMap(({ entries }) => entries)
    .flatMap((entry) => (entry.kind === 'asked' && entry.method === 'recordPoll' ? [(entry.input[0] as PollRecord).observedAt] : []));

/** The same bodies at the same times in a file: all that was acknowledged, and what was not and lies in the database all the same. */
async function embedded(desk: Desk, lives: readonly Life[], end: number, there: Read) {
  const counts = { acknowledged: 0, unheard: 0, refused: 0, waited: 0, late: 0 };
  const turns = new Turns(desk);
  const calls: { at: number; readonly pid: number; readonly asked: Asked }[] = [];
  /** By collector: what waits on its disk. */
  const waiting = new Map<string, typeof calls>();
  for (const { name, pid, entries } of lives) {
    const waits = new Map(entries.flatMap((entry) => (entry.kind === 'acknowledged' ? [[entry.id, entry.waits] as const] : [])));
    for (const entry of entries) {
      // It reaches the store when it is written, not when it was observed; behind all else where another went on recording meanwhile.
      if (entry.kind === 'caught up') {
        for (const one of waiting.get(name) ?? []) {
          const next = turns.after(one.asked, one.pid);
          const isLate = next !== null && next.from <= entry.at && next.pid !== pid;
          if (isLate && next.from <= one.asked.at) {
            // It was paused, and did not know yet that another records.
            calls.splice(calls.indexOf(one), 1);
            counts.acknowledged--;
            counts.refused++;
            continue;
          }
          one.at = isLate && one.asked.method === 'recordPoll' ? Infinity : entry.at;
          counts[isLate ? 'late' : 'waited']++;
        }
        waiting.delete(name);
      }
      if (entry.kind !== 'asked') continue;
      const isAcknowledged = waits.has(entry.id);
      if (!isAcknowledged && !isStored(desk, entry, there)) {
        counts.refused++;
        continue;
      }
      counts[isAcknowledged ? 'acknowledged' : 'unheard']++;
      const call = { at: entry.at, pid, asked: entry };
      calls.push(call);
      if (WAITS.has(entry.method) && waits.get(entry.id) !== false) waiting.set(name, [...(waiting.get(name) ?? []), call]);
    }
  }
  calls.sort((a, b) => a.at - b.at);
  const store = new SqliteHistory({ file: join(desk.dir, 'fed.sqlite'), kind: 'demo', log: { write: () => undefined }, now: () => end });
  try {
    const methods = store as unknown as Record<string, (...input: readonly unknown[]) => unknown>;
    for (const { asked } of calls) methods[asked.method]?.call(store, ...asked.input);
    const read = (await readAll(store, 0, end)) as Read;
    return { read, counts };
  } finally {
    store.close();
  }
}

/** Which process held a venue since when, by the clock of the journals, as the database says it. */
class Turns {
  readonly #turns: readonly { readonly what: string; readonly epoch: number; readonly pid: number; readonly from: number }[];

  constructor(desk: Desk) {
    const ahead = Date.now() - Number(process.hrtime.bigint()) / 1e6;
    const text = desk.sql(
      "SELECT json_agg(json_build_array(what, epoch, substring(holder from 'process (\\d+)')::int, from_t)) FROM lease_turns",
    );
    this.#turns = (JSON.parse(text) as [string, number, number, number][]).map(([what, epoch, pid, from]) => ({
      what,
      epoch,
      pid,
      from: from - ahead,
    }));
  }
  /** Who took the call's venue from the process that made it; null: none did. */
  after({ method, input, at }: Asked, pid: number): { readonly pid: number; readonly from: number } | null {
    const [first] = input as readonly [PollRecord | HistoryEvent | readonly BookRecord[] | string];
    const venueIn = (facts: Exclude<typeof first, string>): string =>
      'venue' in facts ? facts.venue : venueOf(facts[0]?.instrument ?? '');
    const what = method === 'recordRun' ? '' : typeof first === 'string' ? venueOf(first) : venueIn(first);
    const own = this.#turns.filter((turn) => turn.what === what && turn.pid === pid && turn.from <= at).map(({ epoch }) => epoch);
    return this.#turns.find((turn) => turn.what === what && turn.epoch === Math.max(...own) + 1) ?? null;
  }
}

/** Whether a call without an answer was done: its traces are looked for. */
function isStored(desk: Desk, { method, input }: Asked, there: Read): boolean {
  if (method === 'recordPoll') {
    const { venue, observedAt, snapshots, watched } = input[0] as PollRecord;
    const one = snapshots.find(({ symbol }) => watched.has(`${venue}:${symbol}`));
    return (
      one !== undefined && there.of[`${venue}:${one.symbol}`]?.snapshots.observedAt.includes(observationTime(one, observedAt)) === true
    );
  }
  if (method === 'recordBooks') {
    const [book] = input[0] as readonly BookRecord[];
    return book !== undefined && there.of[book.instrument]?.books.at.includes(book.at) === true;
  }
  if (method === 'recordEvent') return there.events.some((event) => isDeepStrictEqual(event, input[0]));
  if (method === 'recordRun') {
    const { from, to } = input[0] as { from: number; to: number };
    return there.runs.some((run) => run.from <= from && run.to >= to);
  }
  const learntAt = input.find((value, i) => i > 0 && typeof value === 'number') as number;
  const of = `instrument = (SELECT number FROM instruments WHERE id = '${String(input[0])}')`;
  const tables = ['settled', 'settled_later', 'asked_later', 'prices_later', 'order_rules'];
  const traces = [
    ...tables.map((table) => `SELECT FROM ${table} WHERE ${of} AND learnt_at = ${learntAt}`),
    `SELECT FROM spans_learnt WHERE ${of} AND to_t + late_ms = ${learntAt}`,
    `SELECT FROM prices JOIN batches ON number = learnt WHERE ${of} AND learnt_at = ${learntAt}`,
  ];
  return desk.sql(`SELECT ${traces.map((trace) => `EXISTS (${trace})`).join(' OR ')}`) === 't';
}

function same(fed: unknown, shown: unknown, path = ''): void {
  if (isDeepStrictEqual(fed, shown)) return;
  if (isObject(fed) && isObject(shown) && !ArrayBuffer.isView(fed))
    for (const key of new Set([...Object.keys(fed), ...Object.keys(shown)])) same(fed[key], shown[key], `${path}.${key}`);
  const listed = (value: unknown): unknown[] => (ArrayBuffer.isView(value) ? [...(value as Float64Array)] : [value]);
  const beyond = (one: unknown, other: unknown): string =>
    JSON.stringify(listed(one).filter((value) => !listed(other).some((there) => isDeepStrictEqual(value, there)))).slice(0, 400);
  throw new Error(`${path} differs: ${beyond(fed, shown)} only in the file, ${beyond(shown, fed)} only at the desk`);
}
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Every settlement of the market since the first poll, once, with its rate; how many there are. */
function settledOnce({ of }: Read, from: number, end: number): number {
  const story = new Story(DEMO_SEED);
  const market = new Process(DEMO_SEED, story);
  const contracts = new Contracts(DEMO_SEED, story, demoVenues());
  let count = 0;
  for (const id of WATCHED) {
    const [venue = '', symbol = ''] = id.split(':');
    const contract = contracts.of(venue, end).find((one) => one.symbol === symbol);
    if (contract === undefined) throw new Error(`the market has no ${id}`);
    const until = end - HOUR_MS;
    const expected = [...settlements(market, contract, from, until, end)].filter(({ at }) => at > from);
    const { key = new Float64Array(), rate = new Float64Array() } = of[id]?.settled ?? {};
    const found = [...key].flatMap((at, i) => (at > from && at <= until ? [{ at, rate: rate[i] ?? NaN }] : []));
    const wrong = expected.filter(({ at, rate: right }, i) => found[i]?.at !== at || Math.abs(found[i].rate - right) > 1e-8);
    if (wrong.length > 0 || found.length !== expected.length)
      throw new Error(`${id}: ${found.length} settlements for ${expected.length}, ${wrong.length} of them wrong`);
    count += found.length;
  }
  return count;
}

if (import.meta.main && hasPostgres) {
  const [failOvers = '50', seed = String(Date.now() % 1e9), speed = '120'] = process.argv.slice(2);
  console.log(`a desk: ${failOvers} changes of the collector, seed ${seed}, a market of ${speed} times real time`);
  const { tookMs, ...report } = await deskSoak({ failOvers: Number(failOvers), seed: Number(seed), speed: Number(speed) });
  const at = (part: number): string => ((tookMs[Math.floor(part * (tookMs.length - 1))] ?? NaN) / 1000).toFixed(1);
  console.log(
    `${report.failOvers} changes: ${report.kills} kills and ${report.pauses} pauses of collectors, ${report.databaseKills} of the database, ${report.terminalKills} of terminals, in ${report.marketHours.toFixed(0)} hours of the market`,
  );
  console.log(`taken over after ${at(0)} s at best, ${at(0.5)} s in the middle, ${at(1)} s at most (without an outage of the database)`);
  console.log(
    `${report.acknowledged} facts acknowledged, 0 lost; ${report.unheard} stored but not yet acknowledged; ${report.refused} refused or never heard, none of them there`,
  );
  console.log(
    `${report.waited + report.late} of them waited on a collector's disk while the database was away, ${report.late} until another had gone on recording`,
  );
  console.log(
    `${report.settlements} settlements, each once; ${report.polls} observations and ${report.hours} hours: ${TERMINALS} terminals say what a file says that was fed the same, to the last bit`,
  );
}
