import type { Venue, VenueIo } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import { HOUR_MS } from '#domain/time.ts';
import { findOldest } from '../common/oldest.ts';
import { type HourWindow, type SettledAnswer, walkBackward, walkPrices } from '../common/paging.ts';
import { keptPerpetuals } from '../common/poll.ts';
import { empty, keptList, listOf, malformed } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { ID, NAME, parseData } from './body.ts';
import { parseBook } from './book.ts';
import { contractsBySymbol, type KucoinContract, rulesOf } from './contracts.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { parseFundingRates, parseKlines } from './history.ts';
import { KUCOIN, WEIGHTS } from './host.ts';
import { readRates } from './rates.ts';
import { firstRiskLimit, parseRiskLimits, riskLimitsOf } from './risk-limits.ts';
import { SERVICE } from './service.ts';

/** Its first perpetual began on 2019-03-15: nothing of it is older. */
const OPENED_AT = Date.UTC(2019, 2, 15);
/** Of settlements, the newest of what is asked for: not documented, seen on 2026-09-12. */
const HISTORY_LIMIT = 100;
/** It answers with 200 klines (its documentation says 500), and one may be of an end that is not asked for. */
const HOURS_PER_PAGE = 199;

async function askContracts(io: VenueIo): Promise<readonly unknown[]> {
  const text = await io.request({ path: '/api/v1/contracts/active', cost: WEIGHTS.contracts });
  return listOf(NAME, parseData(text), 'list of contracts');
}

/**
 * All perpetuals of KuCoin: margined in USDT, in USDC and in their coin (inverse). One list holds rates, prices, sizes and rules of all.
 * https://www.kucoin.com/docs-new/rest/futures-trading/market-data/get-all-symbols
 */
export function createKucoin(): Venue {
  const perpetualOf = keptPerpetuals(ID);
  let polled: ReadonlyMap<string, KucoinContract> | null = null;
  /** Only for what is asked before the first poll. */
  const listed = keptList('contracts', 60_000, async (io) => {
    const contracts = contractsBySymbol(await askContracts(io), io.now);
    if (contracts.size === 0) throw empty(NAME, 'contracts/active lists no contract');
    return contracts;
  });
  const contractOf = async (io: VenueIo, symbol: string): Promise<KucoinContract> => {
    const contract = (polled ?? (await listed.required(io, HOUR_MS))).get(symbol);
    if (contract === undefined) throw unlisted(NAME, symbol);
    return contract;
  };
  /** The newest 100 settlements of [start, end]. */
  const history = async (io: VenueIo, symbol: string, start: number, end: number): Promise<SettledAnswer> => {
    const path = `/api/v1/contract/funding-rates?symbol=${encodeURIComponent(symbol)}&from=${Math.max(start, OPENED_AT)}&to=${end}`;
    return parseFundingRates(await io.request({ path, cost: WEIGHTS.fundingRates }), symbol, io.now);
  };
  const indexHours = async (io: VenueIo, symbol: string, index: string, { firstOpen, lastOpen }: HourWindow) => {
    const path = `/api/v1/kline/query?symbol=${encodeURIComponent(index)}&granularity=60&from=${firstOpen}&to=${lastOpen + HOUR_MS - 1}`;
    return parseKlines(await io.request({ path, cost: WEIGHTS.klines }), symbol, { firstOpen, lastOpen });
  };
  return {
    id: ID,
    name: NAME,
    url: 'https://api-futures.kucoin.com',
    host: KUCOIN,
    hue: 310,
    onByDefault: true,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    async poll(io) {
      const list = await askContracts(io);
      const contracts = contractsBySymbol(list, io.now);
      const poll = readRates(list, contracts, io.now, perpetualOf);
      polled = contracts;
      return poll;
    },
    oldest: (io, symbol) =>
      findOldest({
        venue: NAME,
        limit: HISTORY_LIMIT,
        start: polled?.get(symbol)?.listedAt ?? OPENED_AT,
        now: io.now,
        ask: (start, end) => history(io, symbol, start, end),
      }),
    settled: (io, symbol, from, to) =>
      walkBackward({
        venue: NAME,
        symbol,
        from,
        to,
        limit: HISTORY_LIMIT,
        now: () => io.now,
        ask: (start, end) => history(io, symbol, start, end),
      }),
    /** It serves no hours of mark prices. */
    async *prices(io, symbol, from, to) {
      const { index, listedAt } = await contractOf(io, symbol);
      if (index === null) throw malformed(NAME, `the index of ${symbol} is not said`);
      yield* walkPrices({
        from,
        servedFrom: listedAt ?? OPENED_AT,
        to,
        hoursPerPage: HOURS_PER_PAGE,
        now: () => io.now,
        ask: async (window) => ({ index: await indexHours(io, symbol, index, window) }),
      });
    },
    async orderRules(io, symbol) {
      const contract = await contractOf(io, symbol);
      const path = `/api/v1/contracts/risk-limit/${encodeURIComponent(symbol)}`;
      const limits = await io.request({ path, cost: WEIGHTS.riskLimits }).then(
        (text) => riskLimitsOf(parseRiskLimits(text, symbol), contract),
        (error: unknown) => {
          // It may want a key for them. Where it could not be asked, what it said before stands.
          if (error instanceof VenueError && error.kind === 'malformed') return firstRiskLimit(contract);
          throw error;
        },
      );
      const rules = rulesOf(contract);
      return { ...rules, ...limits, notes: [...rules.notes, ...limits.notes] };
    },
    async book(io, symbol) {
      const contract = await contractOf(io, symbol);
      const path = `/api/v1/level2/snapshot?symbol=${encodeURIComponent(symbol)}`;
      return parseBook(await io.request({ path, cost: WEIGHTS.book }), symbol, contract, io.now);
    },
    bookCost: WEIGHTS.book,
  };
}
