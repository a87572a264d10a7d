import { calls, type CallName, type Envelope, type Handlers } from './contract.ts';
import { failure, UserError } from './errors.ts';
import { badInputSentence } from './input-words.ts';
import type { WindowId } from './window.ts';

/** `window`: whose call it is, as the shell knows it; left out for calls of the shell's own. */
export type Dispatch = (name: string, input: unknown, window?: WindowId | null) => Promise<Envelope<unknown>>;

/**
 * The only way in: checks the name, then the input against the contract, then runs the handler.
 * Never throws; an unexpected error reaches `report` for the log and the caller as 'internal'.
 */
export function createDispatcher(handlers: Handlers, report: (name: string, error: unknown) => void): Dispatch {
  // Each handler takes the input of its own call. Looked up by a name the types lose that pairing; the call's schema below keeps it.
  const run = handlers as unknown as Record<CallName, (input: unknown, window: WindowId | null) => Promise<unknown>>;
  return async (name, input, window = null) => {
    if (!Object.hasOwn(calls, name)) return failure('unknown-call');
    const call = name as CallName;
    const parsed = calls[call].input.safeParse(input);
    if (!parsed.success) return failure('bad-input', badInputSentence(parsed.error));
    try {
      return { ok: true, value: await run[call](parsed.data, window) };
    } catch (error) {
      if (error instanceof UserError) return failure(error.code, error.message);
      report(name, error);
      return failure('internal');
    }
  };
}
