import type { WatchRow } from '#bridge/contract.ts';
import type { SettledColumns } from '#domain/columns.ts';
import type { PositionNow } from '#domain/decisions/position-now.ts';
import type { Side } from '#domain/decisions/side.ts';

/** Liquidation nearer than this share of the mark is told; it is armed again beyond the second. */
const NEAR = 0.1;
const FAR_AGAIN = 0.12;

export interface AlertFacts {
  readonly side: Side;
  readonly openAt: number;
  readonly row: Pick<WatchRow, 'rate' | 'intervalH' | 'signal' | 'sparkEnd' | 'status' | 'why'>;
  readonly settled: Pick<SettledColumns, 'key' | 'rate'>;
  readonly now: Pick<PositionNow, 'distance' | 'liquidation'>;
  /** What `alertsOf` said to remember before. */
  readonly memory: ReadonlySet<string>;
}

export interface PositionAlerts {
  /** What speaks against the position now, in sentences. */
  readonly texts: readonly string[];
  /** Those that hold and did not before: their word in `memory`, title after "TAO on Binance: ", and sentence. */
  readonly news: readonly { readonly word: string; readonly title: string; readonly text: string }[];
  readonly memory: ReadonlySet<string>;
}

/**
 * Funding that turned from received to paid, a crowd signal on the position's own side, liquidation near. Each is told once
 * when it begins and armed again when it has ended: funding with a settlement in its favour, a signal when it is quiet.
 */
export function alertsOf(facts: AlertFacts): PositionAlerts {
  const memory = new Set(facts.memory);
  const texts: string[] = [];
  const news: { word: string; title: string; text: string }[] = [];
  const judge = (word: string, holds: boolean, ended: boolean, title: string, text: string): void => {
    if (ended) memory.delete(word);
    if (!holds) return;
    texts.push(text);
    if (memory.has(word)) return;
    memory.add(word);
    news.push({ word, title, text });
  };
  judgeFunding(facts, memory, judge);
  judgeSignal(facts, memory, judge);
  judgeLiquidation(facts, judge);
  return { texts, news, memory };
}

type Judge = (word: string, holds: boolean, ended: boolean, title: string, text: string) => void;

function judgeFunding({ side, openAt, row, settled }: AlertFacts, memory: Set<string>, judge: Judge): void {
  const sign = side === 'long' ? 1 : -1;
  const since = settled.rate.filter((_, i) => (settled.key[i] ?? 0) > openAt).map((rate) => rate * sign);
  const running = row.status !== 'live' || row.why === 'stale' || row.rate === null ? 0 : row.rate * sign;
  if (running < 0 || since.some((rate) => rate < 0)) memory.add('received');
  const last = since.at(-1);
  const per = row.intervalH === null ? '' : ` per ${row.intervalH} h`;
  judge(
    'funding',
    running > 0 && memory.has('received'),
    running < 0 && (last === undefined || last < 0),
    `funding turned against your ${side}`,
    `Funding turned against it: you pay ${percent(running)}${per} now.`,
  );
}

function judgeSignal({ side, openAt, row: { signal, sparkEnd } }: AlertFacts, memory: Set<string>, judge: Judge): void {
  // Not worked out yet in this run.
  if (sparkEnd === null) return;
  const own = signal.side === (side === 'long' ? 1 : -1);
  const holds = signal.phase === 'active' && own;
  // What stood before the opening is shown, and no news.
  if (holds && signal.enteredAt !== null && signal.enteredAt <= openAt) memory.add('signal');
  judge(
    'signal',
    holds,
    signal.phase === 'quiet' || !own,
    `${side}s are crowded, and you are ${side}`,
    `Crowd signal on its side: ${side}s are crowded.`,
  );
}

function judgeLiquidation({ side, now: { distance, liquidation } }: AlertFacts, judge: Judge): void {
  if (distance.value === null) return;
  const left = Number(distance.value);
  const at = liquidation.value === null ? '' : ` at ${Number(Number(liquidation.value).toPrecision(7))} ${liquidation.unit}`;
  judge(
    'liquidation',
    left < NEAR,
    left > FAR_AGAIN,
    `liquidation of your ${side} is near`,
    left > 0
      ? `Liquidation is estimated${at}, ${percent(left)} from the mark.`
      : `The mark is beyond the estimated liquidation price${at}.`,
  );
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;
