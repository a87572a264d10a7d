import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Database from 'better-sqlite3';
import { newestReader } from '#node/history/newest.ts';
import { SqlitePerson } from '#node/person/sqlite-person.ts';
import { generator } from '#test/support/generator.ts';

const SIZE = 150;
const STEP_MS = 600_000;
const HOUR_MS = 3_600_000;
const T0 = Date.UTC(2026, 5, 1);
const DAYS_30 = 30 * 24 * HOUR_MS;

export interface KillReport {
  readonly kills: number;
  readonly acknowledged: number;
  /** Kills that hit after the transaction and before its acknowledgement. */
  readonly unheard: number;
}

/** One life of the writer: killed `afterMs` behind its first acknowledgement. Returns the last poll that it acknowledged. */
export async function live(dir: string, afterMs: number): Promise<number> {
  const args = [join(import.meta.dirname, 'kill-child.ts'), dir, String(SIZE), String(T0)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
  let last = 0;
  let armed = false;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (!armed) setTimeout(() => child.kill('SIGKILL'), afterMs);
    armed = true;
  }
  const signal = await ended;
  if (signal !== 'SIGKILL') throw new Error(`the writer ended by itself (${String(signal)}) after poll ${last}`);
  return last;
}

/** The numbers of the scenarios in the person's file, each by its newest version. */
function scenariosBeside(file: string): number[] {
  const person = new SqlitePerson({
    file: join(file, '../person.sqlite'),
    kind: 'live',
    log: { write: () => undefined },
    now: () => 0,
    old: { facts: [], history: file },
  });
  const numbers = person.scenarios(null).map(({ body }) => (JSON.parse(body) as { n: number }).n);
  person.close();
  return numbers;
}

/** What must be true of the history's file whenever the writer was killed; returns the newest poll in it, which is one from `least` to `most`. */
export function inspect(file: string, least: number, most: number): number {
  const db = new Database(file);
  const all = <T>(sql: string, ...input: unknown[]): T[] =>
    db
      .prepare<unknown[], T>(sql)
      .pluck()
      .all(...input);
  const fail = (what: string): never => {
    throw new Error(`after poll ${least}: ${what}`);
  };
  const integrity = all<string>('PRAGMA integrity_check');
  if (integrity.join() !== 'ok') fail(`integrity_check: ${integrity.join('; ')}`);

  const latest = [...newestReader(db).all().values()].map(({ observedAt }) => observedAt);
  const newestOf = [...new Set(latest)];
  if (newestOf.length !== 1 || latest.length !== SIZE) fail(`the newest values are torn: ${newestOf.join()}`);
  const newest = ((newestOf[0] ?? 0) - T0) / STEP_MS;
  if (newest < least) fail(`polls up to ${least} were acknowledged, the file ends with ${newest}`);
  if (newest > most) fail(`the file holds ${newest}, which was never sent`);

  const snapshots = 'SELECT ts, instrument, rate FROM snapshot_hot UNION SELECT ts, instrument, rate FROM snapshot_cold';
  const torn = all<number>(`SELECT ts FROM (${snapshots}) GROUP BY ts HAVING count(*) <> ? OR min(rate) <> max(rate)`, SIZE);
  if (torn.length > 0) fail(`torn polls: ${torn.join()}`);
  const kept = all<number>(`SELECT DISTINCT ts FROM (${snapshots}) ORDER BY ts`).map((ts) => (ts - T0) / STEP_MS);
  const oldest = kept[0] ?? NaN;
  if (kept.at(-1) !== newest || kept.length !== newest - oldest + 1) fail(`of polls ${oldest} to ${newest} only ${kept.length} are there`);
  if (oldest > 1 && newest * STEP_MS < DAYS_30) fail(`polls before ${oldest} are gone`);

  const hours = all<number>(
    'SELECT count(*) FROM (SELECT close, instrument FROM hour_hot UNION SELECT close, instrument FROM hour_cold)',
  )[0];
  const closed = Math.ceil((newest * STEP_MS) / HOUR_MS) - 1;
  if (hours !== closed * SIZE) fail(`${String(hours)} hour rows instead of ${closed * SIZE}`);
  const settled = all<number>('SELECT count(*) FROM settled')[0] ?? 0;
  const proven = all<number>('SELECT sum(to_t - from_t) FROM spans')[0] ?? 0;
  if (proven !== settled * HOUR_MS) fail(`${settled} settlements but ${proven / HOUR_MS} hours proven`);
  db.close();
  return newest;
}

/** What must be true of the person's file beside a history that ends with that poll: a scenario is recorded before its poll. */
function inspectPerson(file: string, newest: number): void {
  const scenarios = scenariosBeside(file);
  const latest = Math.max(...scenarios);
  if (newest > 0 && latest !== newest && latest !== newest + 1) throw new Error(`scenarios end with ${latest}, polls with ${newest}`);
  if (new Set(scenarios.map((n) => n % 5)).size !== scenarios.length)
    throw new Error(`scenarios took each other's place: ${scenarios.join()}`);
}

/** Kills a real writer `kills` times at seeded moments and looks at the file after each. Throws at the first loss. */
export async function killLoop({ kills, seed }: { kills: number; seed: number }): Promise<KillReport> {
  const dir = mkdtempSync(join(tmpdir(), 'perpscope-kill-'));
  const random = generator(seed);
  const file = join(dir, 'history.sqlite');
  let [acknowledged, unheard] = [0, 0];
  try {
    for (let kill = 1; kill <= kills; kill++) {
      acknowledged = await live(dir, random() ** 2 * 400);
      const newest = inspect(file, acknowledged, acknowledged + 1);
      inspectPerson(file, newest);
      if (newest > acknowledged) unheard++;
    }
    const strange = readdirSync(dir).filter((name) => /damaged|\.new$/u.test(name));
    if (strange.length > 0) throw new Error(`left behind: ${strange.join()}`);
    return { kills, acknowledged, unheard };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const [kills = '200', seed = String(Date.now() % 1e9)] = process.argv.slice(2);
  console.log(`killing the writer ${kills} times, seed ${seed}`);
  const { acknowledged, unheard } = await killLoop({ kills: Number(kills), seed: Number(seed) });
  console.log(`${kills} kills: ${acknowledged} acknowledged polls, 0 lost, 0 torn; ${unheard} were stored but not yet acknowledged`);
}
