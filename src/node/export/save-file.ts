import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { UserError } from '#bridge/errors.ts';

/** Writes beside the place and then into it, so that there is a whole file or none. Rejects with UserError that says why it cannot be. */
export async function saveFile(path: string, content: Uint8Array | string): Promise<void> {
  const part = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    await writeFile(part, content, { flag: 'wx' });
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw new UserError('storage', `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
