import { createAlarm } from './alarm.ts';
import { backoffMs } from './backoff.ts';
import { toVenueError } from './classify.ts';
import type { Canceller, Clock } from '../ports/clock.ts';
import type { VenueLink } from './venue-link.ts';
import { VenueError } from '../venue-error.ts';
import type { VenuePoll, Venue, VenueIo } from '../venue.ts';

/** A poll starts up to a tenth of its interval early or late, so that venues and machines do not march in step. */
const JITTER = 0.1;

export interface PollerConfig {
  readonly enabled: boolean;
  readonly pollMs: number;
}

export interface PollerStatus {
  /** Failures in a row. */
  readonly failures: number;
  readonly error: VenueError | null;
  readonly okAt: number | null;
  readonly latencyMs: number | null;
  readonly nextTryAt: number | null;
  /** Monotonic start of the poll in flight. */
  readonly busySince: number | null;
}

export interface PollTimes {
  readonly askedAt: number;
  readonly answeredAt: number;
}

export interface PollerOptions {
  readonly venue: Venue;
  readonly link: VenueLink;
  readonly clock: Clock;
  readonly random: () => number;
  readonly newCanceller: () => Canceller;
  readonly config: () => PollerConfig;
  /** Records a good answer; times are of the monotonic clock. */
  onAnswer(poll: VenuePoll, times: PollTimes): Promise<void>;
  /** The first failure after good answers (or ever), and the first good answer after failures. */
  onFailure(error: VenueError): void;
  onRecovery(): void;
  onChange(): void;
}

/** One venue's own loop: nothing it does or suffers delays another's. */
export interface Poller {
  start(): void;
  stop(): Promise<void>;
  status(): PollerStatus;
  /** Polls at once, unless a poll is under way. */
  retry(): void;
  /** Polls at once; where a poll is under way once more after it: what it brings may be older than the wish. */
  askAnew(): void;
  /** Drops what is in flight and polls once, `afterMs` and up to `withinMs` more from now, or when the venue's silence is over. */
  wake(withinMs: number, afterMs: number): void;
  /** The settings changed: off, on, another interval or address. */
  reconfigure(): void;
}

export function createPoller(options: PollerOptions): Poller {
  const { venue, link, clock, random, newCanceller, config } = options;
  const alarm = createAlarm(clock);
  let inFlight: Canceller | null = null;
  let running: Promise<void> | null = null;
  let stopped = false;
  let status: PollerStatus = { failures: 0, error: null, okAt: null, latencyMs: null, nextTryAt: null, busySince: null };

  function set(change: Partial<PollerStatus>): void {
    status = { ...status, ...change };
    options.onChange();
  }

  async function ask(canceller: Canceller): Promise<VenueError | null> {
    const askedAt = clock.monotonic();
    const io: VenueIo = link.io('poll', canceller.signal);
    try {
      const poll = await venue.poll(io);
      const answeredAt = clock.monotonic();
      if (poll.instruments.length === 0 || poll.snapshots.length === 0) {
        throw new VenueError('empty', `${venue.name} answered with no instruments at all.`, 'zero rows');
      }
      await options.onAnswer(poll, { askedAt, answeredAt });
      set({ okAt: clock.now(), latencyMs: Math.round((answeredAt - askedAt) / clock.speed) });
      return null;
    } catch (error) {
      return toVenueError(venue.name, error);
    }
  }

  /** One poll and its bookkeeping; returns clock ms until the next. */
  async function turn(): Promise<number> {
    const { pollMs } = config();
    const canceller = newCanceller();
    const startedAt = clock.monotonic();
    inFlight = canceller;
    set({ nextTryAt: null, busySince: startedAt });
    const error = await ask(canceller);
    inFlight = null;
    if (error === null) {
      const recovered = status.failures > 0;
      link.good();
      set({ failures: 0, error: null, busySince: null });
      if (recovered) options.onRecovery();
      const spentMs = clock.monotonic() - startedAt;
      return Math.max(0, pollMs * (1 + JITTER * (2 * random() - 1)) - spentMs);
    }
    if (error.kind === 'cancelled') {
      set({ busySince: null });
      return 0;
    }
    const silentMs = link.note(error);
    const failures = status.failures + 1;
    set({ failures, error, busySince: null });
    if (failures === 1) options.onFailure(error);
    // Where the venue wants silence, the link says how much of it is believed.
    return Math.max(silentMs > 0 ? silentMs : (error.retryAfterMs ?? 0), backoffMs(failures, random));
  }

  async function run(): Promise<void> {
    while (!stopped) {
      let delayMs = Infinity;
      if (config().enabled) {
        delayMs = link.silentForMs() > 0 ? link.silentForMs() : await turn();
        const silence = link.silentWhy();
        if (silence && !status.error) set({ error: silence });
      }
      set({ nextTryAt: Number.isFinite(delayMs) ? clock.now() + delayMs : null });
      await alarm.wait(delayMs);
    }
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopped = true;
      inFlight?.abort();
      alarm.ring();
      await running;
    },
    status: () => status,
    retry() {
      if (!inFlight) alarm.ring();
    },
    askAnew: () => alarm.ring(),
    wake(withinMs, afterMs) {
      if (!config().enabled) return;
      const delayMs = Math.max(afterMs + random() * withinMs, link.silentForMs());
      inFlight?.abort();
      alarm.ring(delayMs);
      set({ nextTryAt: clock.now() + delayMs });
    },
    reconfigure() {
      inFlight?.abort();
      if (!config().enabled) set({ failures: 0, error: null, nextTryAt: null });
      alarm.ring();
    },
  };
}
