import type { StatedSettlement, VenuePoll } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import {
  answerTime,
  asAnswerTime,
  buildPoll,
  convertedInterest,
  isWithoutFunding,
  type PollBuilder,
  perpetualOf,
  readCap,
  stillInForce,
} from '../common/poll.ts';
import { takeSize } from '../common/amounts.ts';
import { type Draft, takeLimits } from '../common/snapshot.ts';
import { asRow, empty, isSymbol, readNumber, readTime, type Row } from '../common/read.ts';
import { ID, NAME } from './body.ts';
import { DIVIDES_FROM } from './formula.ts';
import { type OkxListing, termsOfName } from './instruments.ts';

/** What is asked for beside the rates, by instrument; null: that answer failed. */
export interface Beside {
  readonly marks: ReadonlyMap<string, Row> | null;
  /** The row of an index, by its name. */
  readonly indexOf: (index: string) => Row | undefined;
  readonly openInterest: ReadonlyMap<string, Row> | null;
  readonly tickers: ReadonlyMap<string, Row> | null;
}

/** `data` of GET /api/v5/public/funding-rate?instId=ANY, every swap's running rate (per interval), joined with what was asked beside it. */
export function readRates(
  rates: readonly unknown[],
  listings: ReadonlyMap<string, OkxListing> | null,
  beside: Beside,
  now: number,
  notes: readonly string[] = [],
  lacks: (symbol: string) => boolean = () => false,
): VenuePoll {
  if (rates.length === 0) throw empty(NAME, 'funding-rate is an empty list');
  const times = rates.flatMap((item) => asAnswerTime(readTime(asRow(item)?.['ts'])) ?? []);
  const time = answerTime(times);
  const market = buildPoll(NAME, now, time);
  const settled: StatedSettlement[] = [];
  for (const item of rates) {
    const row = asRow(item);
    const symbol = row?.['instId'];
    const listing = isSymbol(symbol) ? listings?.get(symbol) : undefined;
    if (row === null || !isSymbol(symbol)) market.refuse(symbol, 'a row without an instrument');
    // Dated contracts that pay funding stand in the same answer.
    else if (row['instType'] === 'FUTURES') continue;
    else if (listing?.state === 'over') market.close(symbol);
    else if (listing?.state === 'soon') continue;
    else if (listings !== null && listing === undefined && lacks(symbol)) market.leaveOut(symbol);
    else if (listing !== undefined || !isWithoutFunding(row['fundingRate'], row['fundingTime'])) {
      addRate(market, symbol, row, listing, beside, readTime(row['ts']) ?? time ?? now);
      addSettled(settled, symbol, row);
    }
  }
  return { ...market.build(notes), settled };
}

/** While it is being settled (`settState` processing) the rate is that of the settlement under way, whose time is not told. */
function addSettled(settled: StatedSettlement[], symbol: string, row: Row): void {
  const stamp = readTime(row['prevFundingTime']);
  const rate = readNumber(row['settFundingRate']);
  if (row['settState'] === 'settled' && stamp !== null && rate !== null) settled.push({ symbol, stamp, rate });
}

function addRate(market: PollBuilder, symbol: string, row: Row, listing: OkxListing | undefined, beside: Beside, at: number): void {
  const terms = listing ?? termsOfName(symbol);
  const rate = readNumber(row['fundingRate']);
  if (terms === null) {
    market.refuse(symbol, 'its coins are not known: the list of instruments does not hold it');
    return;
  }
  if (rate === null) {
    market.refuse(symbol, 'no rate');
    return;
  }
  // The settlement to come; `nextFundingTime` is the one after it.
  const nextFundingAt = readTime(row['fundingTime']);
  const intervalH = intervalOf(row, nextFundingAt, at);
  const mark = readNumber(beside.marks?.get(symbol)?.['markPx']);
  // The formula before the interest had none of it, and no clamp: its F is not ours.
  const hasInterest = row['formulaType'] !== 'noRate';
  const interest = hasInterest ? interestPer8h(readNumber(row['interestRate']), intervalH, at) : null;
  const snapshot: Draft = {
    symbol,
    rate,
    intervalH,
    nextFundingAt,
    mark,
    index: readNumber(beside.indexOf(terms.index)?.['idxPx']),
    openInterest: null,
    volume24h: null,
    interestPer8h: interest,
  };
  const openInterest = readNumber(beside.openInterest?.get(symbol)?.['oi']);
  takeSize(snapshot, terms, mark, openInterest, 'contracts', readNumber(beside.tickers?.get(symbol)?.['vol24h']), 'contracts');
  snapshot.premium = readNumber(row['premium']);
  if (hasInterest && interest === null) snapshot.interestUnread = true;
  takeLimits(snapshot, readCap(row['maxFundingRate'], 1), readCap(row['minFundingRate'], -1));
  market.add(perpetualOf(terms, { venue: ID, symbol }), snapshot, at);
}

/**
 * The interval in progress, h: from the settlement before to the one to come. Where the former is not told, the interval after it
 * stands for it, unless the settlement to come is further off than that is long.
 */
function intervalOf(row: Row, next: number | null, at: number): number | null {
  if (next === null) return null;
  const before = readTime(row['prevFundingTime']);
  if (before !== null) return hoursBetween(before, next);
  const after = readTime(row['nextFundingTime']);
  return after === null ? null : stillInForce(hoursBetween(next, after), next, at);
}

/** Whole hours from 1 to 24, stamps up to five minutes off; null for what is no interval. */
function hoursBetween(from: number, to: number): number | null {
  const hours = Math.round((to - from) / HOUR_MS);
  return hours >= 1 && hours <= 24 && Math.abs(to - from - hours * HOUR_MS) <= 5 * MINUTE_MS ? hours : null;
}

/** Per 8 h, of what a row of the time `at` states: since `DIVIDES_FROM` it is that, before it the interval's share. By either 0 is 0. */
function interestPer8h(stated: number | null, intervalH: number | null, at: number): number | null {
  if (stated === null || stated === 0 || at >= DIVIDES_FROM) return stated;
  return intervalH === null ? null : convertedInterest((stated * 8) / intervalH);
}
