import type { VenuePoll } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import {
  answerTime,
  asAnswerTime,
  buildPoll,
  convertedInterest,
  type PollBuilder,
  perpetual,
  readCap,
  stillInForce,
} from '../common/poll.ts';
import { asRow, empty, isSymbol, readNumber, readTime, type Row } from '../common/read.ts';
import { snapshotOf } from '../common/snapshot.ts';
import { ID, NAME } from './body.ts';
import type { KucoinContract } from './contracts.ts';

/** `data` of GET /api/v1/contracts/active: of every contract what it is, its running rate (per interval), prices and sizes. */
export function readRates(list: readonly unknown[], contracts: ReadonlyMap<string, KucoinContract>, now: number): VenuePoll {
  if (list.length === 0) throw empty(NAME, 'contracts/active is an empty list');
  const time = answerTime(list.flatMap((item) => timeOf(asRow(item)) ?? []));
  const market = buildPoll(NAME, now, time);
  for (const item of list) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const contract = isSymbol(symbol) ? contracts.get(symbol) : undefined;
    if (row === null || !isSymbol(symbol)) market.refuse(symbol, 'a row without a symbol');
    else if (contract === undefined) market.refuse(symbol, 'its coins are not named');
    else if (contract.state === 'over') market.close(symbol);
    else if (contract.state === 'live') addRate(market, symbol, row, contract, timeOf(row) ?? time ?? now);
  }
  return market.build([]);
}

/** The venue states no time of an answer, but when the next settlement is and how long it is until then. */
function timeOf(row: Row | null): number | null {
  const next = readTime(row?.['nextFundingRateDateTime']);
  const left = readNumber(row?.['nextFundingRateTime']);
  return next === null || left === null || left < 0 ? null : asAnswerTime(next - left);
}

function addRate(market: PollBuilder, symbol: string, row: Row, contract: KucoinContract, at: number): void {
  const rate = readNumber(row['fundingFeeRate']);
  if (rate === null) {
    market.refuse(symbol, 'no rate');
    return;
  }
  const nextFundingAt = nextFundingOf(row, at);
  const mark = readNumber(row['markPrice']);
  const isLinear = contract.contract === 'linear';
  // Turnover is told in the settle currency; `volumeOf24h` is in coins of a linear contract, in contracts of an inverse one.
  const volume24h = isLinear
    ? ({ amount: readNumber(row['turnoverOf24h']), counted: 'quote' } as const)
    : ({ amount: readNumber(row['volumeOf24h']), counted: 'contracts' } as const);
  const daily = readNumber(row['dailyInterestRate']);
  const snapshot = snapshotOf({
    symbol,
    rate,
    intervalH: intervalOf(row, nextFundingAt, at),
    intervalIsGuess: false,
    nextFundingAt,
    mark,
    index: readNumber(row['indexPrice']),
    premium: undefined,
    terms: contract,
    openInterest: { amount: readNumber(row['openInterest']), counted: 'contracts' },
    volume24h,
    interestPer8h: daily === null ? null : convertedInterest(daily / 3),
    interestUnread: daily === null,
    cap: readCap(row['fundingRateCap'], 1),
    floor: readCap(row['fundingRateFloor'], -1),
  });
  const { base, quote, settle, contract: kind, contractSize, assetClass, listedAt, delistedAt } = contract;
  const instrument = { venue: ID, symbol, base, quote, settle, contract: kind, contractSize, assetClass, listedAt, delistedAt };
  market.add(perpetual(instrument), snapshot, at);
}

/** Older bodies say only how long it is until then; settlements are on whole minutes. */
function nextFundingOf(row: Row, at: number): number | null {
  const next = readTime(row['nextFundingRateDateTime']);
  const left = readNumber(row['nextFundingRateTime']);
  return next ?? (left === null ? null : Math.round((at + left) / MINUTE_MS) * MINUTE_MS);
}

/**
 * The interval in progress. `fundingRateGranularity` is the one that is set, and holds from `effectiveFundingRateCycleStartTime` on:
 * until then it says nothing of the interval in progress, and where that one is not told it stands for it after.
 */
function intervalOf(row: Row, next: number | null, at: number): number | null {
  const since = readTime(row['effectiveFundingRateCycleStartTime']);
  const set = since !== null && since > at ? null : hoursOf(row['fundingRateGranularity']);
  return stillInForce(hoursOf(row['currentFundingRateGranularity']) ?? set, next, at);
}

/** Whole hours from 1 to 24, of milliseconds; null for what is no interval. */
function hoursOf(granularity: unknown): number | null {
  const hours = (readNumber(granularity) ?? 0) / HOUR_MS;
  return Number.isInteger(hours) && hours >= 1 && hours <= 24 ? hours : null;
}
