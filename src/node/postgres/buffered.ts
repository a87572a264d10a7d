import type { HistoryStore } from '#core/ports/history.ts';
import type { Log } from '#core/ports/log.ts';
import { type VenueId, venueOf } from '#domain/instrument.ts';
import { HistoryError, messageOf } from '../history/errors.ts';
import type { HeldThen } from './leases.ts';
import { Outbox } from './outbox.ts';

/** About half a day of twenty venues. */
const MOST_BYTES = 1024 * 1024 * 1024;
const TRY_MS = 2_000;

/** What no venue gives again, and so has to wait where the database is not there. Settlements and prices are asked for again. */
export type Kept = Pick<HistoryStore, 'recordPoll' | 'recordEvent' | 'recordBooks' | 'recordRun' | 'recordOrderRules'>;
export type Call = { readonly [K in keyof Kept]: { readonly method: K; readonly input: Parameters<Kept[K]> } }[keyof Kept];

/** A call that waits, under which number of its venue's lease it was made, and when, by this machine's clock (ms). */
type Waits = Call & { readonly then: { readonly epoch: number; readonly at: number } };

export interface Waiting {
  readonly count: number;
  readonly bytes: number;
}

export interface BufferedOptions {
  readonly store: HistoryStore;
  /** Writes what waited where another took the lease since; HistoryError as the store's. */
  readonly late: (call: Call, then: HeldThen) => Promise<unknown>;
  /** This collector asks to record the venue. */
  readonly wants: (venue: VenueId) => boolean;
  /** The number under which the venue is recorded here; 0: it is not. */
  readonly epochOf: (venue: VenueId) => number;
  /** This machine's clock, ms. */
  readonly now: () => number;
  /** Where waiting facts lie. */
  readonly path: string;
  readonly place: string;
  readonly log: Log;
  readonly mostBytes?: number;
  /** How long it waits before it tries again. */
  readonly tryMs?: number;
}

/** The store, and behind it a file for as long as the database cannot be reached: then what waits is written in its order. */
export function buffered({
  store,
  late,
  wants,
  epochOf,
  now,
  path,
  place,
  log,
  mostBytes = MOST_BYTES,
  tryMs = TRY_MS,
}: BufferedOptions): HistoryStore & { waiting(): Waiting } {
  const outbox = new Outbox<Waits>(path, mostBytes);
  let lost = 0;
  let refused = 0;
  let timer: NodeJS.Timeout | null = null;
  let draining: Promise<void> | null = null;
  let isClosed = false;

  async function said({ then, ...call }: Waits): Promise<void> {
    // The next number is the first after its own: no other collector recorded in between, and it goes before what is observed now.
    const venue = venueOfCall(call);
    const epoch = epochOf(venue);
    const written = { epoch: then.epoch, agoMs: now() - then.at, mayWait: wants(venue) };
    if (epoch !== then.epoch && epoch !== then.epoch + 1) return void (await late(call, written));
    const write = store[call.method] as (...input: readonly unknown[]) => Promise<unknown>;
    try {
      await write(...call.input);
    } catch (error) {
      // Another took the lease, and this process has not heard of it yet.
      if (!(error instanceof HistoryError && error.kind === 'superseded')) throw error;
      await late(call, written);
    }
  }
  async function drain(): Promise<void> {
    for (let call = outbox.first(); call !== null && !isClosed; call = outbox.first()) {
      try {
        await said(call);
      } catch (error) {
        if (isAway(error)) return;
        // Another collector recorded it then, or it cannot be stored: behind it others wait.
        refused++;
        log.write('warn', 'outbox', 'what waited was refused', { method: call.method, error: messageOf(error) });
      }
      outbox.shift();
    }
  }
  function again(): void {
    if (timer !== null || isClosed || outbox.count === 0) return;
    timer = setTimeout(() => {
      timer = null;
      draining = drain().finally(() => {
        draining = null;
        again();
      });
    }, tryMs);
  }
  function keep(call: Waits): void {
    if (!outbox.put(call)) lost++;
    again();
  }
  const orKept =
    <A extends readonly unknown[], O>(write: (...input: A) => Promise<O>, callOf: (input: A) => Call, instead: O) =>
    async (...input: A): Promise<O> => {
      const call = callOf(input);
      // Of before the try: that the database does not answer may take its time.
      const then = { epoch: epochOf(venueOfCall(call)), at: now() };
      if (outbox.count === 0 && draining === null)
        try {
          return await write(...input);
        } catch (error) {
          if (!isAway(error)) throw error;
          log.write('warn', 'outbox', 'the database takes nothing: what is recorded waits on disk', { error: messageOf(error) });
        }
      keep({ ...call, then });
      return instead;
    };

  function notices(): string[] {
    const told: string[] = [];
    const megabytes = (outbox.bytes / 1024 / 1024).toFixed(1);
    if (outbox.count > 0)
      told.push(
        `The database ${place} cannot be reached or written, or is being caught up with: ${outbox.count} polls and other facts (${megabytes} MB) wait in ${outbox.path}, and are written in their order.`,
      );
    if (lost > 0) told.push(`${outbox.path} was full: ${lost} polls and other facts were not recorded.`);
    if (outbox.unreadable > 0)
      told.push(
        `${outbox.unreadable} polls and other facts in ${outbox.path} could not be read again, for the file was changed by another program.`,
      );
    if (refused > 0)
      told.push(
        `Of what waited for the database ${refused} were refused: another collector recorded by then, or they could not be stored.`,
      );
    return told;
  }
  again();
  return {
    ...store,
    recordPoll: orKept(
      (...input: Parameters<HistoryStore['recordPoll']>) => store.recordPoll(...input),
      (input): Call => ({ method: 'recordPoll', input }),
      { file: 0, refused: [] },
    ),
    recordEvent: orKept(
      (...input: Parameters<HistoryStore['recordEvent']>) => store.recordEvent(...input),
      (input): Call => ({ method: 'recordEvent', input }),
      undefined,
    ),
    recordBooks: orKept(
      (...input: Parameters<HistoryStore['recordBooks']>) => store.recordBooks(...input),
      (input): Call => ({ method: 'recordBooks', input }),
      undefined,
    ),
    recordRun: orKept(
      (...input: Parameters<HistoryStore['recordRun']>) => store.recordRun(...input),
      (input): Call => ({ method: 'recordRun', input }),
      undefined,
    ),
    recordOrderRules: orKept(
      (...input: Parameters<HistoryStore['recordOrderRules']>) => store.recordOrderRules(...input),
      (input): Call => ({ method: 'recordOrderRules', input }),
      undefined,
    ),
    waiting: () => ({ count: outbox.count, bytes: outbox.bytes }),
    async tend() {
      const state = await store.tend();
      return { ...state, notices: [...state.notices, ...notices()] };
    },
    async close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      await draining;
      await store.close();
      outbox.close();
    },
  };
}

/** A run is of no venue, and no lease is asked about it. */
function venueOfCall({ method, input }: Call): VenueId {
  if (method === 'recordPoll' || method === 'recordEvent') return input[0].venue;
  if (method === 'recordOrderRules') return venueOf(input[0]);
  const [book] = method === 'recordBooks' ? input[0] : [];
  return book === undefined ? '' : venueOf(book.instrument);
}

/** Away, a standby, too slow or full: it may take it later. */
/** Also a password or a right that was changed there: once that is put right, what waits can be written. */
const AWAY: ReadonlySet<string> = new Set(['busy', 'full', 'unwritable']);
const isAway = (error: unknown): boolean => error instanceof HistoryError && AWAY.has(error.kind);
