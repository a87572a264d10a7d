import type { Log } from '#core/ports/log.ts';
import { Connection } from './connection.ts';
import type { Said, Target } from './wire.ts';

/** How long a lease holds after its holder was heard of last, by the database's clock. */
export const LEASE_MS = 12_000;
const RENEW_MS = 3_000;
/** After a time without the database its holder is heard of first: another takes a lease over once it has seen it expired for so long. */
const GRACE_MS = 6_000;

/** By what is held (a venue, 'teller'): the number under which it is. */
export interface Held {
  readonly holder: string;
  readonly epochs: Readonly<Record<string, number>>;
}

/** Under which number of its venue's lease a fact was observed, and how long ago (ms): what the clocks of two machines say may differ. */
export interface HeldThen {
  readonly epoch: number;
  readonly agoMs: number;
  /** This collector asks for the lease too, and refuses (busy) until it is known who has it next. */
  readonly mayWait: boolean;
}

export interface Leases {
  readonly held: Held;
  /** It is held for certain: its holder was heard of so lately that no other can have it. */
  has(what: string): boolean;
  /** Who has what is wanted here and is not held, in sentences. */
  others(): readonly string[];
  /** Asks for these from now on; what is no longer among them is given up. */
  want(what: readonly string[]): void;
  /** Resolves once another set is held than `known`. */
  changed(known: Held, ending: AbortSignal): Promise<void>;
  /** Gives up everything. Safe to call twice. */
  close(): Promise<void>;
}

interface Options {
  readonly target: Target;
  readonly holder: string;
  readonly log: Log;
}

/** Who writes what: a row for each venue. A holder says every few seconds that it lives; where it does not, another takes its place. */
export function openLeases({ target, holder, log }: Options): Leases {
  let connection: Connection | null = null;
  let wanted: readonly string[] = [];
  let held: Held = { holder, epochs: {} };
  /** When each was renewed last, by a clock that no one sets; asked before the question was sent. */
  const renewedAt = new Map<string, number>();
  const takenBy = new Map<string, string>();
  /** Since when each was seen expired. */
  const expiredSince = new Map<string, number>();
  const waiting = new Set<() => void>();
  let timer: NodeJS.Timeout | null = null;
  let turn: Promise<void> = Promise.resolve();
  let isClosed = false;
  let isFailing = false;

  async function ask(said: Said): Promise<readonly (readonly unknown[])[]> {
    if (connection?.isOpen !== true) {
      await connection?.close();
      connection = await Connection.open(target);
    }
    const [answer] = await connection.run([said]);
    return (answer?.rows ?? []) as readonly (readonly unknown[])[];
  }
  /** `force`: it was seen expired for long enough. */
  async function take(what: string): Promise<number | null> {
    const askedAt = performance.now();
    const since = expiredSince.get(what);
    const mayTake = since !== undefined && askedAt - since >= GRACE_MS;
    const [row] = await ask({
      text: 'SELECT epoch, holder, expired FROM take_lease($1, $2, $3::float8, $4::float8 > 0)',
      values: [what, holder, LEASE_MS, Number(mayTake)],
      raw: true,
    });
    const [epoch, by, isExpired] = row as readonly [number | null, string, boolean];
    if (epoch !== null) {
      renewedAt.set(what, askedAt);
      expiredSince.delete(what);
      takenBy.delete(what);
      return epoch;
    }
    takenBy.set(what, by);
    if (!isExpired) expiredSince.delete(what);
    else if (since === undefined) expiredSince.set(what, askedAt);
    return null;
  }
  async function round(): Promise<void> {
    try {
      const epochs: Record<string, number> = {};
      for (const what of wanted) {
        const epoch = await take(what);
        if (epoch !== null) epochs[what] = epoch;
      }
      isFailing = false;
      tell(epochs);
    } catch (error) {
      if (!isFailing) log.write('warn', 'leases', 'the database cannot be asked who records', { error: String(error) });
      isFailing = true;
    }
  }
  function tell(epochs: Readonly<Record<string, number>>): void {
    if (JSON.stringify(epochs) === JSON.stringify(held.epochs)) return;
    held = { holder, epochs };
    for (const one of [...waiting]) one();
  }
  function schedule(): void {
    if (isClosed) return;
    timer = setTimeout(() => {
      turn = round().finally(schedule);
    }, RENEW_MS);
  }
  async function giveUp(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    await turn;
    if (timer !== null) clearTimeout(timer);
    const all = Object.keys(held.epochs);
    try {
      for (const what of all) await ask({ text: 'SELECT give_up_lease($1, $2)', values: [what, holder], raw: true });
    } catch (error) {
      log.write('warn', 'leases', 'what was held is free once it expires', { error: String(error) });
    }
    await connection?.close();
  }
  return {
    get held() {
      return held;
    },
    has: (what) => what in held.epochs && performance.now() < (renewedAt.get(what) ?? -Infinity) + LEASE_MS,
    others: () => [...takenBy].map(([what, by]) => `${what} is recorded by ${by}; this collector stands by.`),
    want(what) {
      wanted = what;
      for (const one of [...takenBy.keys()]) if (!what.includes(one)) takenBy.delete(one);
      if (timer === null) turn = round().finally(schedule);
    },
    changed(known, ending) {
      if (held !== known || ending.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const end = (): void => {
          waiting.delete(end);
          ending.removeEventListener('abort', end);
          resolve();
        };
        waiting.add(end);
        ending.addEventListener('abort', end);
      });
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await giveUp();
    },
  };
}
