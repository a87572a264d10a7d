import type { InstrumentId, VenueId } from '#domain/instrument.ts';
import { HOUR_MS } from '#domain/time.ts';
import { createAging } from './aging.ts';
import type { Feed } from './feed.ts';
import type { Events } from '../events.ts';
import type { Reporter } from '../reporter.ts';
import type { Listings } from '../listings.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Log } from '../ports/log.ts';
import type { BackupsKept, HistoryLimits } from '../settings.ts';
import { createSleepWatch } from './sleep-watch.ts';

const TICK_MS = 1_000;
/** Ticks between two checks of the store's files: what is wrong with them is seen and put right well within a minute. */
const TEND_EVERY = 10;
/** Once an hour, when its settlements and candles are out: the newest stretch is proven and the files are looked after. */
const HOURLY_AT_MS = 6 * 60_000;
/** Ticks after which backups are looked at for the first time: a terminal that never runs until the next hour has its first one all the same. */
const FIRST_BACKUP_AT = 15 * 60;

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly store: HistoryStore;
  readonly listings: Listings;
  readonly reporter: Reporter;
  readonly log: Log;
  readonly events: Events;
  readonly feeds: ReadonlyMap<VenueId, Feed>;
  followed(): ReadonlySet<InstrumentId>;
  wantAll(): void;
  /** Lets the store look after its files. */
  tend(): Promise<void>;
  limits(): HistoryLimits;
  backups(): BackupsKept;
  onJump(missedMs: number): void;
}

/** The one timer that is not a venue's: once a (real) second it looks whether time has something to say. */
export interface Heartbeat {
  start(): void;
  stop(): void;
  /** Resolves when the upkeep in progress is over. */
  done(): Promise<void>;
}

export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { clock, store, listings, reporter, log, events, feeds } = options;
  const tickMs = TICK_MS * clock.speed;
  const sleep = createSleepWatch(clock, tickMs);
  const aged = createAging({
    listings,
    now: (venue) => feeds.get(venue)?.now() ?? null,
    pollMs: (venue) => (feeds.get(venue)?.settings().pollSeconds ?? 30) * 1000,
  });
  let timer: Cancel | null = null;
  let hour = hourOf();
  let upkeep: Promise<unknown> = Promise.resolve();
  let ticks = 0;
  let tending: Promise<void> | null = null;
  /** Up to here it is written that this process ran; null: it does not collect yet. */
  let ranTo: number | null = null;
  let ran: Promise<unknown> = Promise.resolve();

  function hourOf(): number {
    return Math.floor((clock.now() - HOURLY_AT_MS) / HOUR_MS);
  }
  /** It ran up to `to`: a hole of that time is not because nothing collected. */
  function keepRun(to: number): void {
    const from = ranTo;
    if (from === null || !(to > from)) return;
    ranTo = to;
    ran = reporter.guard('record that it runs', () => store.recordRun({ from, to }));
  }
  /** What it cannot do now it does an hour later: nothing is lost by that. */
  function lookAfter(work: () => Promise<void>): void {
    upkeep = upkeep.then(() => reporter.write('look after the files', work)).catch(() => undefined);
  }
  function tick(): void {
    timer = clock.after(tickMs, tick);
    const missedMs = sleep.check();
    if (missedMs !== null) {
      keepRun(clock.now() - Math.max(0, missedMs));
      ranTo = clock.now();
      options.onJump(missedMs);
    }
    events.emit('tick', null);
    const instruments = aged(options.followed());
    if (instruments.length > 0) events.emit('aged', { instruments });
    if (++ticks % TEND_EVERY === 0) {
      keepRun(clock.now());
      tending ??= options.tend().finally(() => {
        tending = null;
      });
    }
    if (hourOf() !== hour) {
      hour = hourOf();
      options.wantAll();
      lookAfter(async () => {
        await store.maintain(clock.now());
        await store.dropHoursBeyond(options.limits(), clock.now());
        await store.backUp(options.backups());
      });
    }
    if (ticks === FIRST_BACKUP_AT)
      lookAfter(async () => {
        await store.backUp(options.backups());
      });
    for (const feed of feeds.values()) feed.pump();
  }
  return {
    start() {
      log.write('info', 'app', 'collecting', { venues: [...feeds.keys()] });
      ranTo ??= clock.now();
      timer ??= clock.after(tickMs, tick);
    },
    stop() {
      keepRun(clock.now());
      timer?.();
      timer = null;
    },
    async done() {
      await Promise.all([upkeep, tending, ran]);
    },
  };
}
