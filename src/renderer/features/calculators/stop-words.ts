import type { PositionView, Scenario } from '#bridge/scenario.ts';
import { formatFixed, formatPrice, NONE } from '../../format/numbers.ts';

export interface StopWords {
  readonly stop: string;
  /** How far the mark is from it, and what the trade stands at in R: the move from the entry over the move from the entry to the stop. */
  readonly stands: string;
}

/** Of a position that was sized with a stop; null where none was. */
export function stopWords(
  { side, entry, mark }: Pick<PositionView, 'side' | 'entry' | 'mark'>,
  scenario: Scenario | undefined,
): StopWords | null {
  const given = scenario?.kind === 'size' ? Number(scenario.input.stop) : Number.NaN;
  if (!(given > 0)) return null;
  const stop = formatPrice(given);
  const sign = side === 'long' ? 1 : -1;
  const risked = sign * (Number(entry) - given);
  if (mark === null) return { stop, stands: NONE };
  const away = (sign * (mark - given)) / mark;
  if (away <= 0) return { stop, stands: 'the mark is beyond the stop' };
  const r = risked > 0 ? `, ${formatFixed((sign * (mark - Number(entry))) / risked, 2, true)} R` : '';
  return { stop, stands: `${formatFixed(away * 100, 2)} % away${r}` };
}
