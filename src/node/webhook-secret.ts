import { createHmac } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Log } from '#core/ports/log.ts';
import type { WebhookSecret } from '#core/ports/webhook-secret.ts';
import type { Lockbox } from './proxy/passwords-file.ts';

/** Read by processes that no keychain knows, such as a collector on a server. */
export const WEBHOOK_SECRET = 'PERPSCOPE_WEBHOOK_SECRET';

const format = z.union([z.strictObject({ locked: z.string() }), z.strictObject({ secret: z.string() })]);
type Kept = z.infer<typeof format>;

export interface WebhookSecretOptions {
  readonly file: string;
  /** Null: nothing locks it away here. */
  readonly box: Lockbox | null;
  /** Of the environment: it goes before what is kept. */
  readonly given: string | undefined;
  readonly log: Log;
  /** Real time, by which who is posted to tells an old message that is sent again. */
  readonly now: () => number;
}

const UNREADABLE =
  `Its secret is locked away by the desktop app, and cannot be read here. Start this with it in ${WEBHOOK_SECRET}, ` +
  'or type a new one in the app that tells.';

/** The file is read at each question, since another process may have written it, and written whole. */
export function openWebhookSecret({ file, box, given = '', log, now }: WebhookSecretOptions): WebhookSecret {
  function read(): Kept | null {
    try {
      return format.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
      if (!isMissing) log.write('warn', 'webhook', `${file} cannot be read: the secret of the webhook has to be typed anew`);
      return null;
    }
  }
  function write(kept: Kept): void {
    const unfinished = `${file}.new`;
    // A file that a killed write left behind would keep its own rights.
    rmSync(unfinished, { force: true });
    writeFileSync(unfinished, JSON.stringify(kept), { mode: 0o600 });
    renameSync(unfinished, file);
  }
  /** Null: it is there, and not to be read here. */
  async function opened(kept: Kept): Promise<string | null> {
    if ('secret' in kept) return kept.secret;
    if (box === null) return null;
    try {
      return await box.unlock(kept.locked);
    } catch (error) {
      log.write('warn', 'webhook', `the secret cannot be unlocked: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }
  async function secretNow(): Promise<string> {
    if (given !== '') return given;
    const kept = read();
    if (kept === null) throw new Error('It has no secret to sign with: type one.');
    const secret = await opened(kept);
    if (secret === null) throw new Error(UNREADABLE);
    return secret;
  }
  return {
    async state() {
      if (given !== '') return 'environment';
      const kept = read();
      if (kept === null) return 'none';
      if ('secret' in kept) return 'file';
      return (await opened(kept)) === null ? 'unreadable' : 'locked';
    },
    async keep(secret) {
      try {
        if (secret === null) rmSync(file, { force: true });
        else write(box !== null && (await box.isSafe()) ? { locked: await box.lock(secret) } : { secret });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`The secret of the webhook is not kept: it could not be written (${why}).`, { cause: error });
      }
    },
    async sign(body, secret) {
      const t = Math.floor(now() / 1000);
      const signature = createHmac('sha256', secret ?? (await secretNow()))
        .update(`${t}.${body}`)
        .digest('hex');
      return `t=${t},v1=${signature}`;
    },
  };
}
