import type { WebhookSecretState } from '#bridge/webhook.ts';

/** The secret that what is posted is signed with: kept where the system locks it away, else in a file of this user alone. */
export interface WebhookSecret {
  state(): Promise<WebhookSecretState>;
  /** Null: it is forgotten. Rejects with an Error for the person where it cannot be written. */
  keep(secret: string | null): Promise<void>;
  /**
   * The header that proves `body`: the machine's time and the HMAC-SHA256 of both. `secret` null: the one that is kept. Rejects with an
   * Error for the person where there is none, or none that can be read here.
   */
  sign(body: string, secret: string | null): Promise<string>;
}
