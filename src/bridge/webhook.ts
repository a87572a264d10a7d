import { z } from 'zod';

/** Where alerts are posted, beside being told. Times are epoch ms UTC. */

const ADDRESS = /^(https?):\/\/([^\s/?#\\]+)(?:[/?][^\s#\\]*)?$/iu;
const HOST = /^(?:\[[\da-f:.]+\]|[\da-z](?:[\w.-]*[\da-z])?)(?::\d{1,5})?$/iu;
const OWN_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/iu;

/** The host of a webhook's address, with its port: what may be told of one, for the rest can hold a key. */
export const webhookHost = (url: string): string => ADDRESS.exec(url)?.[2]?.toLowerCase() ?? '';
/** By how it is written. */
export const isOwnMachine = (url: string): boolean => OWN_MACHINE.test(webhookHost(url));

/** What is wrong with it, as a sentence; null: it can be posted to. */
export function webhookFault(text: string): string | null {
  if (text.includes('#')) return 'A webhook has no # in its address: what follows it would not be sent.';
  const [, scheme = '', host = ''] = ADDRESS.exec(text) ?? [];
  if (host.includes('@')) return 'A webhook has no user name and no password in its address: what is posted is signed.';
  if (!HOST.test(host)) return 'A webhook is an address such as https://hooks.example.com/perpscope.';
  if (scheme.toLowerCase() === 'http' && !isOwnMachine(text))
    return 'A webhook beyond this machine is reached over https alone; http goes to localhost, 127.0.0.1 and [::1].';
  return null;
}

export const webhookUrl = z
  .string()
  .max(1000)
  .refine((text) => webhookFault(text) === null, 'must be an https address, or an http one of this machine, without user, password and #.');

/** Fewer characters can be guessed. */
export const WEBHOOK_SECRET_MIN = 16;

/** 'locked': by the system's keychain; 'file': in a file of this user alone; 'environment': given at the start; 'unreadable': kept, and not to be read here. */
export const webhookSecret = z.enum(['none', 'locked', 'file', 'environment', 'unreadable']);
export type WebhookSecretState = z.infer<typeof webhookSecret>;

export const webhookSave = z.strictObject({
  url: webhookUrl.nullable(),
  /** Null: as it is. */
  secret: z.string().min(WEBHOOK_SECRET_MIN).max(200).nullable(),
});
export type WebhookSave = z.infer<typeof webhookSave>;

export const webhookState = z.object({
  url: z.string().nullable(),
  secret: webhookSecret,
  /** Alerts that are told and not posted yet. */
  waiting: z.number(),
  /** What it said last, in this run; null: nothing was posted. */
  last: z.object({ at: z.number(), ok: z.boolean(), says: z.string() }).nullable(),
  /** When it is tried again; null: nothing waits for it. */
  nextTryAt: z.number().nullable(),
});
export type WebhookState = z.infer<typeof webhookState>;

/** `secret` null: the one that is kept. */
export const webhookTry = z.strictObject({ url: webhookUrl, secret: webhookSave.shape.secret });
export const webhookSaw = z.object({ ok: z.boolean(), says: z.string() });
export type WebhookSaw = z.infer<typeof webhookSaw>;
