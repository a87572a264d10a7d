import { createSleepWatch } from './collect/sleep-watch.ts';
import type { Events } from './events.ts';
import type { Canceller, Clock } from './ports/clock.ts';
import type { Http } from './ports/http.ts';
import type { Log } from './ports/log.ts';
import type { PersonStore } from './ports/person.ts';
import type { TellingRole } from './ports/telling-role.ts';
import type { WebhookSecret } from './ports/webhook-secret.ts';
import type { Reporter } from './reporter.ts';
import type { Settings } from './settings.ts';
import { createTeller, type Teller } from './teller.ts';
import { createWebhook, type Webhook } from './webhook.ts';

export interface TellingOptions {
  readonly clock: Clock;
  readonly http: Http;
  readonly secret: WebhookSecret;
  readonly person: Pick<PersonStore, 'owed' | 'paid' | 'posts' | 'posted' | 'putOff' | 'hurry' | 'othersWrote'>;
  readonly settings: () => Pick<Settings, 'webhook' | 'proxy'>;
  readonly reporter: Reporter;
  readonly log: Log;
  readonly events: Events;
  readonly newCanceller: () => Canceller;
  /** Null: no other process is ever on this folder. */
  readonly role: TellingRole | null;
}

/** The one that tells and posts, for as long as that is this process. */
export interface Telling {
  readonly teller: Teller;
  readonly webhook: Webhook;
  /** `reread`: what other processes told is to be known here, before this one tells, and where it is shown. */
  start(reread: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export function createTelling(options: TellingOptions): Telling {
  const { clock, http, secret, person, settings, reporter, log, events, newCanceller, role } = options;
  let isMine = role === null;
  let isRunning = false;
  let working: Promise<void> | null = null;
  const tells = (): boolean => isMine;
  const webhook = createWebhook({ clock, http, secret, person, settings, reporter, log, newCanceller, tells: () => isRunning && isMine });
  const teller = createTeller({ person, clock, reporter, log, events, webhook, tells });

  /** True: this process has just become the one that tells. */
  function look(): boolean {
    const before = isMine;
    isMine = role?.take() ?? true;
    reporter.state('teller', isMine ? null : (role?.sentence() ?? null));
    return isMine && !before;
  }
  async function check(reread: () => Promise<void>): Promise<void> {
    const isNew = look();
    if (!isNew && (isMine || !(await person.othersWrote()))) return;
    await reread();
    if (!isNew) return;
    log.write('info', 'teller', 'this process tells from now on');
    await teller.takeOver();
    webhook.wake();
  }

  return {
    teller,
    webhook,
    async start(reread) {
      look();
      isRunning = true;
      await teller.resume();
      teller.back(-Infinity);
      const asleep = createSleepWatch(clock, 1_000 * clock.speed);
      let awakeAt = clock.now();
      events.on('tick', () => {
        if ((asleep.check() ?? 0) > 0) teller.back(awakeAt);
        awakeAt = clock.now();
        webhook.tick();
        if (role === null || !isRunning) return;
        working ??= check(reread)
          .catch((error: unknown) => reporter.failed('read what is told', error))
          .finally(() => {
            working = null;
          });
      });
    },
    async stop() {
      isRunning = false;
      teller.stop();
      await webhook.stop();
      await working;
    },
  };
}
