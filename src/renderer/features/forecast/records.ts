import type { CallOutput } from '#bridge/contract.ts';
import { UserError } from '#bridge/errors.ts';
import type { AppState } from '../../state/app-state.svelte.ts';

export type Recorded = CallOutput<'forecast.record'>;

/** Records of this many instruments are held; the one that was asked for longest ago gives way. */
const MOST = 300;
/** By the app that was asked, what it was asked, and what it answers. */
const held = new WeakMap<AppState, Map<string, Promise<Recorded>>>();

/** The record of an instrument as of where the window stands; asked for once until its history changes. Rejects with a sentence. */
export function recordOf(app: AppState, instrument: string): Promise<Recorded> {
  const answers = held.get(app) ?? new Map<string, Promise<Recorded>>();
  held.set(app, answers);
  const key = `${instrument} ${app.historyVersion.get(instrument) ?? 0} ${app.past.key}`;
  const known = answers.get(key);
  const answer = known ?? app.client.call('forecast.record', { instrument });
  answers.delete(key);
  answers.set(key, answer);
  answer.catch(() => answers.delete(key));
  for (const oldest of answers.keys()) if (answers.size > MOST) answers.delete(oldest);
  return answer;
}

export const whyNot = (cause: unknown): string => (cause instanceof UserError ? cause.message : 'The record cannot be read now.');
