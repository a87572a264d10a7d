import { UserError } from '#bridge/errors.ts';

/** What was read, or the person's word for why it was not. */
export const fromHistory = <T>(reading: Promise<T>): Promise<T> =>
  reading.catch((error: unknown) => {
    if (error instanceof UserError) throw error;
    throw new UserError('storage', `The local history could not be read: ${error instanceof Error ? error.message : String(error)}`);
  });
