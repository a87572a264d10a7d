import { UserError } from '#bridge/errors.ts';
import { isOwnMachine, webhookHost, type WebhookSaw, type WebhookSave, type WebhookState } from '#bridge/webhook.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { proxySentence } from './collect/proxy-words.ts';
import { inWords } from './in-words.ts';
import type { Canceller, Clock } from './ports/clock.ts';
import type { Http } from './ports/http.ts';
import type { Log } from './ports/log.ts';
import type { Notification } from './ports/notifier.ts';
import type { PersonStore, Posts } from './ports/person.ts';
import type { WebhookSecret } from './ports/webhook-secret.ts';
import type { Reporter } from './reporter.ts';
import type { Settings } from './settings.ts';
import { HttpError } from './venue-error.ts';

/** Real ms for one post, from the connection to the last byte of the answer. */
const DEADLINE_MS = 10_000;
const MAX_ANSWER_BYTES = 256 * 1024;
/** After the first try, the second and so on; then every hour (real ms). */
const WAITS_MS = [10_000, 30_000, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS] as const;
const LONGEST_WAIT_MS = HOUR_MS;
/** What was told longer ago is not posted any more (real ms). */
const KEPT_MS = 24 * HOUR_MS;

export interface WebhookOptions {
  readonly clock: Clock;
  readonly http: Http;
  readonly secret: WebhookSecret;
  readonly person: Pick<PersonStore, 'posts' | 'posted' | 'putOff' | 'hurry'>;
  readonly settings: () => Pick<Settings, 'webhook' | 'proxy'>;
  readonly reporter: Pick<Reporter, 'failed' | 'state' | 'notice'>;
  readonly log: Log;
  readonly newCanceller: () => Canceller;
  /** This process tells, and so it posts; else another does. */
  readonly tells: () => boolean;
}

/** Posts what was told to the address that the person typed. What waits lies in the person's file, so that it outlives the process. */
export interface Webhook {
  /** What is told now is to be posted. */
  readonly isOn: () => boolean;
  /** Something waits. */
  readonly wake: () => void;
  /** Its address or its secret is another: what was put off is tried at once. */
  readonly hurry: () => Promise<void>;
  readonly tick: () => void;
  readonly state: () => Promise<WebhookState>;
  /** Posts a message that says so, once, and tells what came back. */
  readonly test: (given: { readonly url: string; readonly secret: string | null }) => Promise<WebhookSaw>;
  /** The secret is kept first: an address without one would not be posted to. Throws UserError with what is wrong. */
  readonly change: (given: WebhookSave) => Promise<(settings: Settings) => Settings>;
  readonly stop: () => Promise<void>;
}

/** What is posted (docs/alerts.md). Fields may come, none goes or changes its meaning. */
interface Message {
  /** The same at every try of one alert. */
  readonly id: string;
  /** Epoch ms: when it was told. */
  readonly at: number;
  readonly title: string;
  readonly body: string;
  /** Both in one line. */
  readonly text: string;
  readonly severity: string;
  readonly instrument: string | null;
  readonly test: boolean;
}

const messageOf = (id: string, at: number, { title, body, instrument, severity = 'warning' }: Notification, test: boolean): Message => ({
  id,
  at: Math.round(at),
  title,
  body,
  text: `${title}. ${body}`,
  severity,
  instrument: instrument === '' ? null : instrument,
  test,
});

export function createWebhook(options: WebhookOptions): Webhook {
  const { clock, http, secret, person, settings, reporter, log, newCanceller, tells } = options;
  const canceller = newCanceller();
  let last: WebhookState['last'] = null;
  /** When the first that waits is due; Infinity: none waits. */
  let dueAt = -Infinity;
  let working: Promise<void> | null = null;
  const isOver = (): boolean => canceller.signal.aborted;

  /** Never rejects: what came back, or why nothing did. */
  async function post(url: string, message: Message, own: string | null): Promise<WebhookSaw> {
    const json = JSON.stringify(message);
    const began = clock.monotonic();
    try {
      const signature = await secret.sign(json, own);
      const { status } = await http.request(
        {
          method: 'POST',
          url,
          // A proxy's own machine is another one.
          proxy: isOwnMachine(url) ? 'off' : settings().proxy,
          json,
          headers: { 'perpscope-signature': signature, 'perpscope-delivery': message.id },
          deadlineMs: DEADLINE_MS,
          maxBytes: MAX_ANSWER_BYTES,
        },
        canceller.signal,
      );
      const ms = Math.round((clock.monotonic() - began) / clock.speed);
      if (status >= 200 && status < 300) return { ok: true, says: `It answered ${status} in ${ms} ms.` };
      return { ok: false, says: statusWords(status) };
    } catch (error) {
      return { ok: false, says: failureWords(error, webhookHost(url)) };
    }
  }

  const posts = (): Promise<Posts> => person.posts(Math.round(clock.now()), Math.round(clock.now() + LONGEST_WAIT_MS * clock.speed));

  async function work(): Promise<void> {
    while (!isOver()) {
      dueAt = Infinity;
      const { due, failing, nextAt } = await posts();
      if (failing === 0) reporter.state('webhook', null);
      if (due === null) {
        dueAt = Math.min(dueAt, nextAt ?? Infinity);
        return;
      }
      const { webhook: url } = settings();
      const isOld = clock.now() - due.at > KEPT_MS * clock.speed;
      if (url === null || isOld) {
        if (url !== null)
          reporter.notice(`The webhook did not take an alert within a day, and it is not posted any more: ${due.text.title}.`);
        await person.posted(due.id);
        continue;
      }
      const saw = await post(url, messageOf(due.id, due.at, due.text, false), null);
      if (isOver()) return;
      last = { at: Math.round(clock.now()), ...saw };
      log.write(saw.ok ? 'info' : 'warn', 'webhook', saw.says, { id: due.id, tries: due.tries + 1 });
      if (saw.ok) await person.posted(due.id);
      else {
        const waitMs = WAITS_MS[due.tries] ?? LONGEST_WAIT_MS;
        await person.putOff(due.id, Math.round(clock.now() + waitMs * clock.speed));
        reporter.state(
          'webhook',
          `The webhook at ${webhookHost(url)} has not taken an alert: ${due.text.title}. ${saw.says} It is posted again in ${inWords(waitMs)}, for a day at most.`,
        );
      }
    }
  }
  function tick(): void {
    if (working !== null || isOver() || !tells() || clock.now() < dueAt) return;
    working = work()
      .catch((error: unknown) => {
        dueAt = clock.now() + MINUTE_MS * clock.speed;
        reporter.failed('read what is to be posted', error, MINUTE_MS);
      })
      .finally(() => {
        working = null;
        tick();
      });
  }
  function wake(): void {
    dueAt = -Infinity;
    tick();
  }

  return {
    isOn: () => settings().webhook !== null,
    wake,
    async hurry() {
      await person.hurry();
      wake();
    },
    tick,
    async state() {
      const { total, failing, nextAt } = await posts();
      const isOn = settings().webhook !== null;
      return {
        url: settings().webhook,
        secret: await secret.state(),
        waiting: isOn ? total : 0,
        last,
        nextTryAt: isOn && failing > 0 ? nextAt : null,
      };
    },
    test({ url, secret: own }) {
      const text = { title: 'Perpscope: a test', body: 'This is what an alert looks like. Nothing has entered.', instrument: '' };
      return post(url, messageOf(`test-${Math.round(clock.now())}`, clock.now(), { ...text, severity: 'info' }, true), own);
    },
    async change({ url, secret: own }) {
      if (url !== null && own === null && (await secret.state()) === 'none')
        throw new UserError('bad-input', 'A webhook needs a secret: what is posted is signed with it.');
      try {
        if (url === null) await secret.keep(null);
        else if (own !== null) await secret.keep(own);
      } catch (error) {
        throw new UserError('internal', error instanceof Error ? error.message : String(error));
      }
      return (all) => ({ ...all, webhook: url });
    },
    async stop() {
      canceller.abort();
      await working;
    },
  };
}

function statusWords(status: number): string {
  if (status >= 300 && status < 400) return `It answered ${status}, a redirect, which is not followed: type the address that it leads to.`;
  if (status === 401 || status === 403) return `It answered ${status}: it does not let this in. Is the secret the one that it knows?`;
  if (status === 404 || status === 410) return `It answered ${status}: there is nothing at this address.`;
  if (status === 429) return 'It answered 429: it is asked too often.';
  return `It answered ${status}.`;
}

/** The address may hold a secret, so nothing of it but the host is told. */
function failureWords(error: unknown, host: string): string {
  if (!(error instanceof HttpError)) return error instanceof Error ? error.message : String(error);
  const [code] = /\bE[A-Z_]{4,}\b/u.exec(error.message) ?? [];
  const detail = code === undefined ? '' : ` (${code})`;
  if (error.kind === 'proxy') return proxySentence(host, error.proxy);
  return {
    timeout: `It gave no whole answer within ${DEADLINE_MS / 1000} s.`,
    network: `It is not reached${detail}.`,
    name: `Its name is not found${detail}: is the address right?`,
    tls: `No connection to it can be trusted${detail}: is its certificate right, and does it speak TLS?`,
    'too-large': 'Its answer is too large to be read.',
    cancelled: 'It was not waited for.',
    outside: 'It lies beyond this machine, where the demo posts nothing.',
  }[error.kind];
}
