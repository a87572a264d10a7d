import type { WebhookSecretState, WebhookState } from '#bridge/webhook.ts';

/** 256 bits, as text that is copied whole by a double click. */
export const newSecret = (): string =>
  [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const IN_FILE = 'It lies in webhook-secret.json of your data folder, which only your user can read.';

/** Where the secret is, or will be. */
export function secretNote(state: WebhookSecretState, shell: 'desktop' | 'browser'): string {
  const notes: Readonly<Record<WebhookSecretState, string>> = {
    none:
      shell === 'desktop'
        ? 'It is kept by the keychain of this computer, where that can lock it away. Copy it to the receiver now: it is not shown again.'
        : 'It is kept in webhook-secret.json of your data folder, which only your user can read. Copy it to the receiver now: it is not shown again.',
    locked: 'The keychain of this computer keeps it. A collector cannot read it there: start that with PERPSCOPE_WEBHOOK_SECRET.',
    file: shell === 'desktop' ? `Nothing here locks it away. ${IN_FILE}` : IN_FILE,
    environment: 'PERPSCOPE_WEBHOOK_SECRET gives it.',
    unreadable: 'It was locked away by another shell or user, and cannot be read here: type it again.',
  };
  return notes[state];
}

/** "2 alerts wait; the next try is in 30 s." */
export function waitingText({ waiting, nextTryAt }: Pick<WebhookState, 'waiting' | 'nextTryAt'>, now: number): string {
  const all = waiting === 1 ? '1 alert waits' : `${waiting} alerts wait`;
  if (nextTryAt === null) return `${all} to be posted.`;
  const seconds = Math.max(0, Math.round((nextTryAt - now) / 1000));
  return `${all}; the next try is in ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`}.`;
}
