import { UserError } from '#bridge/errors.ts';

/** Errors of a store carry one sentence for the person; what else they say is for the log. */
const sentenceOf = (error: unknown): string | null =>
  error instanceof Error && 'user' in error && typeof error.user === 'string' ? error.user : null;

/** What was read, or the person's word for why it was not. */
export const fromHistory = <T>(reading: Promise<T>): Promise<T> =>
  reading.catch((error: unknown) => {
    if (error instanceof UserError) throw error;
    const told = sentenceOf(error);
    throw new UserError('storage', told ?? `The history could not be read: ${error instanceof Error ? error.message : String(error)}`);
  });
