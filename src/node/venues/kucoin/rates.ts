import type { VenuePoll } from '#core/venue.ts';
import type { Instrument } from '#domain/instrument.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import {
  answerTime,
  asAnswerTime,
  buildPoll,
  convertedInterest,
  keptPerpetuals,
  type PollBuilder,
  readCap,
  stillInForce,
} from '../common/poll.ts';
import { asRow, empty, isSymbol, readNumber, readTime, type Row } from '../common/read.ts';
import { takeSize } from '../common/amounts.ts';
import { type Draft, takeLimits } from '../common/snapshot.ts';
import { ID, NAME } from './body.ts';
import type { KucoinContract } from './contracts.ts';

/** `data` of GET /api/v1/contracts/active: of every contract what it is, its running rate (per interval), prices and sizes. */
export function readRates(
  list: readonly unknown[],
  contracts: ReadonlyMap<string, KucoinContract>,
  now: number,
  perpetualOf = keptPerpetuals(ID),
): VenuePoll {
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
    else if (contract.state === 'live') addRate(market, symbol, row, contract, perpetualOf(symbol, contract), timeOf(row) ?? time ?? now);
  }
  return market.build([]);
}

/** The venue states no time of an answer, but when the next settlement is and how long it is until then. */
function timeOf(row: Row | null): number | null {
  const next = readTime(row?.['nextFundingRateDateTime']);
  const left = readNumber(row?.['nextFundingRateTime']);
  return next === null || left === null || left < 0 ? null : asAnswerTime(next - left);
}

function addRate(market: PollBuilder, symbol: string, row: Row, contract: KucoinContract, instrument: Instrument, at: number): void {
  const rate = readNumber(row['fundingFeeRate']);
  if (rate === null) {
    market.refuse(symbol, 'no rate');
    return;
  }
  const nextFundingAt = nextFundingOf(row, at);
  const mark = readNumber(row['markPrice']);
  const daily = readNumber(row['dailyInterestRate']);
  const snapshot: Draft = {
    symbol,
    rate,
    intervalH: intervalOf(row, nextFundingAt, at),
    nextFundingAt,
    mark,
    index: readNumber(row['indexPrice']),
    openInterest: null,
    volume24h: null,
    interestPer8h: daily === null ? null : convertedInterest(daily / 3),
  };
  // Turnover is told in the settle currency; `volumeOf24h` is in coins of a linear contract, in contracts of an inverse one.
  const isLinear = contract.contract === 'linear';
  const volume = readNumber(row[isLinear ? 'turnoverOf24h' : 'volumeOf24h']);
  takeSize(snapshot, contract, mark, readNumber(row['openInterest']), 'contracts', volume, isLinear ? 'quote' : 'contracts');
  if (daily === null) snapshot.interestUnread = true;
  takeLimits(snapshot, readCap(row['fundingRateCap'], 1), readCap(row['fundingRateFloor'], -1));
  market.add(instrument, snapshot, at);
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
