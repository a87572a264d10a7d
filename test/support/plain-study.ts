import { HOUR_MS } from '#domain/time.ts';

/**
 * The event study of domain 4.3 once more, by loops over lists and nothing else: what the engine's look-ups are held against.
 * Prices by the time of their close.
 */
export interface PlainMarket {
  readonly contract: 'linear' | 'inverse';
  readonly prices: ReadonlyMap<number, number>;
  readonly settlements: readonly { readonly at: number; readonly rate: number; readonly mark: number }[];
  readonly lastHour: number;
}

export interface PlainTerms {
  readonly events: 'entries' | 'every';
  readonly side: 'against' | 'with';
  readonly exit: number | 'settlement' | 'signal-end';
  readonly delayH: number;
  readonly costBp: number;
  readonly funding: 'next' | 'own' | 'none';
}

export interface PlainEvent {
  readonly at: number;
  readonly crowd: 1 | -1;
  /** Null: it held to the end. */
  readonly endAt: number | null;
}

export interface PlainTrade {
  readonly at: number;
  readonly enteredAt: number;
  readonly exitedAt: number;
  readonly price: number;
  readonly funding: number;
  readonly net: number;
}

export function plainTrades(market: PlainMarket, events: readonly PlainEvent[], terms: PlainTerms): PlainTrade[] {
  const trades: PlainTrade[] = [];
  const firstPriced = (from: number): number | null => {
    for (let t = from; t <= market.lastHour; t += HOUR_MS) if (market.prices.size === 0 || market.prices.has(t)) return t;
    return null;
  };
  for (const { at, crowd, endAt } of events) {
    const known = Math.floor(at / HOUR_MS) * HOUR_MS;
    const enteredAt = firstPriced(known + (1 + terms.delayH) * HOUR_MS);
    if (enteredAt === null) continue;
    const last = trades.at(-1);
    if (terms.events === 'entries' && last !== undefined && enteredAt < last.exitedAt) continue;
    const due =
      terms.exit === 'signal-end'
        ? endAt === null
          ? null
          : Math.floor(endAt / HOUR_MS) * HOUR_MS + HOUR_MS
        : terms.exit === 'settlement'
          ? (market.settlements.find((one) => Math.ceil(one.at / HOUR_MS) * HOUR_MS > enteredAt)?.at ?? null)
          : enteredAt + terms.exit * HOUR_MS;
    const exitedAt = due === null ? null : firstPriced(due);
    if (exitedAt === null || exitedAt <= enteredAt) continue;
    const side = terms.side === 'with' ? crowd : -crowd;
    const [entry, exit] = [market.prices.get(enteredAt) ?? NaN, market.prices.get(exitedAt) ?? NaN];
    const hasPrices = market.prices.size > 0;
    const price = !hasPrices ? 0 : market.contract === 'linear' ? side * (exit / entry - 1) : side * (1 - entry / exit);
    const own = market.settlements.findLast((one) => one.at <= at);
    let funding = 0;
    for (const one of market.settlements) {
      const isAfter = one.at > enteredAt && one.at <= exitedAt;
      const isOwn = terms.funding === 'own' && own !== undefined && one.at >= own.at && one.at <= enteredAt;
      if (terms.funding === 'none' || !(isAfter || isOwn)) continue;
      const worth = !hasPrices ? 1 : market.contract === 'linear' ? one.mark / entry : entry / one.mark;
      funding -= side * one.rate * worth;
    }
    trades.push({ at, enteredAt, exitedAt, price, funding, net: price + funding - (2 * terms.costBp) / 1e4 });
  }
  return trades;
}

/** Entries of |value| at or beyond a level, or every period of it, with the release at a share of the level. */
export function plainEvents(
  rows: readonly { readonly time: number; readonly value: number }[],
  { level, release, mode }: { readonly level: number; readonly release: number; readonly mode: 'entries' | 'every' },
): PlainEvent[] {
  const events: { at: number; crowd: 1 | -1; endAt: number | null }[] = [];
  let run: { crowd: 1 | -1; from: number } | null = null;
  for (const { time, value } of rows) {
    const crowd = value > 0 ? 1 : -1;
    const goesOn = run !== null && crowd === run.crowd && Math.abs(value) >= release * level;
    if (run !== null && !goesOn) {
      for (const one of events.slice(run.from)) one.endAt = time;
      run = null;
    }
    const holds = Math.abs(value) >= level;
    const isEntry = run === null && holds;
    if (isEntry) run = { crowd, from: events.length };
    if (isEntry || (mode === 'every' && run !== null && holds)) events.push({ at: time, crowd, endAt: null });
  }
  return events;
}
