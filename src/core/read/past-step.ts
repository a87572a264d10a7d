import type { PastStep } from '#bridge/past.ts';
import { UserError } from '#bridge/errors.ts';
import { HOUR_MS, SETTLEMENT_SLACK_MS } from '#domain/time.ts';
import type { HistoryStore } from '../ports/history.ts';
import type { Then } from './then.ts';

/** How far a step looks for the next settlement at first; a gap may be longer. */
const NEAR_MS = 4 * 24 * HOUR_MS;

export interface StepOptions {
  readonly store: Pick<HistoryStore, 'settled'>;
  readonly from: Then;
  readonly step: PastStep;
  /** Single polls of the moment are kept. */
  readonly isPolled: boolean;
  readonly now: number;
}

/**
 * The next moment of a step, or the last one: the full hour, or when a settlement of the instrument is known. In venue time that is at
 * its key; as recorded once its hour closes, which waits five minutes for it, or with the next full hour where only hours are kept.
 */
export async function nextMoment(options: StepOptions): Promise<Then> {
  let then = options.from;
  for (let i = 0; i < (options.step.times ?? 1); i++) {
    const at = await momentBeside({ ...options, from: then }, i > 0);
    if (at === null) break;
    then = then.known === null ? { at, known: null } : { at, known: at };
  }
  return then;
}

/** Null, where there has to be none (`mayEnd`), or UserError: no such moment. */
async function momentBeside({ store, from, step, isPolled, now }: StepOptions, mayEnd: boolean): Promise<number | null> {
  const at =
    step.by === 'hour' ? hourBeside(from.at, step.to) : await settlementBeside(store, from, step, isPolled ? SETTLEMENT_SLACK_MS : HOUR_MS);
  const what = step.by === 'hour' ? 'hour' : 'settlement';
  const isOver = at !== null && at < now;
  if (!isOver && mayEnd) return null;
  if (at === null) throw new UserError('not-found', `There is no ${step.to > 0 ? 'later' : 'earlier'} ${what} in the history.`);
  if (at >= now) throw new UserError('not-found', `The next ${what} is not over yet: what comes after this is now.`);
  return at;
}

const hourBeside = (at: number, to: 1 | -1): number | null => {
  const next = to > 0 ? Math.floor(at / HOUR_MS) + 1 : Math.ceil(at / HOUR_MS) - 1;
  return next < 0 ? null : next * HOUR_MS;
};

async function settlementBeside(
  store: StepOptions['store'],
  { at, known }: Then,
  { to, instrument }: PastStep,
  knownAfterMs: number,
): Promise<number | null> {
  if (instrument === null) throw new UserError('bad-input', 'Select an instrument to step from settlement to settlement.');
  const late = known === null ? 0 : knownAfterMs;
  // Which settlements there are says when to look, and nothing of what will be seen there.
  for (const far of [NEAR_MS, Infinity]) {
    const [from, until] = to > 0 ? [at - late, Math.min(Number.MAX_SAFE_INTEGER, at + far)] : [Math.max(-1, at - far), at - late - 1];
    const { key } = await store.settled(instrument, from, until, null, ['key']);
    const found = to > 0 ? key[0] : key.at(-1);
    if (found !== undefined) return found + late;
  }
  return null;
}
