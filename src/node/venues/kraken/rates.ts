import type { VenuePoll, Snapshot } from '#core/venue.ts';
import { HOUR_MS } from '#domain/time.ts';
import { sizeOf } from '../common/amounts.ts';
import { asAnswerTime, buildPoll, type PollBuilder, perpetual, statedLimits } from '../common/poll.ts';
import { asRow, empty, isSymbol, listOf, readIsoTime, readName, readNumber, type Row } from '../common/read.ts';
import { ID, NAME, parseObject } from './body.ts';
import { type KrakenListing, kindOf } from './contracts.ts';

/** Funding is paid every hour on the hour: neither the tickers nor the list of contracts say so. */
const INTERVAL_H = 1;

export interface KrakenKnown {
  readonly listings: ReadonlyMap<string, KrakenListing> | null;
  readonly lacks: (symbol: string) => boolean;
}

/** Body of GET /derivatives/api/v3/tickers: of every perpetual the rate of the hour in progress, prices and sizes. */
export function parseTickers(text: string, known: KrakenKnown, now: number, notes: readonly string[] = []): VenuePoll {
  const body = parseObject(text, 'tickers');
  const rows = listOf(NAME, body['tickers'], 'list of tickers');
  if (rows.length === 0) throw empty(NAME, 'tickers is an empty list');
  const venueTime = asAnswerTime(readIsoTime(body['serverTime']));
  const market = buildPoll(NAME, now, venueTime);
  for (const item of rows) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    if (row === null || !isSymbol(symbol)) market.refuse(symbol, 'a row without a symbol');
    // Beside them stand indices, options and contracts with a day of delivery.
    else if (row['tag'] !== 'perpetual') continue;
    else takePerpetual(market, symbol, row, known, venueTime ?? now);
  }
  return market.build(notes);
}

function takePerpetual(market: PollBuilder, symbol: string, row: Row, { listings, lacks }: KrakenKnown, at: number): void {
  const kind = kindOf(symbol);
  const listing = listings?.get(symbol);
  if (kind === null) market.refuse(symbol, 'neither a linear contract (PF_) nor an inverse one (PI_)');
  else if (listing?.tradeable === false) market.close(symbol);
  else if (listings !== null && listing === undefined && lacks(symbol)) market.leaveOut(symbol);
  else addTicker(market, symbol, row, kind, listing, at);
}

/**
 * `fundingRate` is an amount, not a share: dollars per coin and hour of a linear contract, coins per dollar and hour of an inverse one. It is
 * the share at the index (ccxt/ccxt#25343: by the mark, -0.2443 % of an hour becomes -0.2627 %, beyond the limit of then), and was set at the index of when the
 * hour began: what the price has done since can carry it past the contract's limit, which holds it.
 */
export function relativeRate(
  amount: number,
  index: number,
  { contract, cap, floor }: Pick<KrakenListing, 'contract' | 'cap' | 'floor'>,
): number {
  const share = contract === 'linear' ? amount / index : amount * index;
  return Math.min(cap ?? Infinity, Math.max(floor ?? -Infinity, share));
}

function addTicker(
  market: PollBuilder,
  symbol: string,
  row: Row,
  contract: KrakenListing['contract'],
  listing: KrakenListing | undefined,
  at: number,
): void {
  const [base, quote] = typeof row['pair'] === 'string' ? row['pair'].split(':').map(readName) : [];
  const amount = readNumber(row['fundingRate']);
  const index = readNumber(row['indexPrice']);
  if (!base || !quote || amount === null || index === null || index <= 0) {
    const reason =
      !base || !quote
        ? 'its pair is not named'
        : amount === null
          ? 'no rate'
          : 'its rate is an amount, and there is no index to divide it by';
    market.refuse(symbol, reason);
    return;
  }
  const { cap, floor, assetClass = null, listedAt = null } = listing ?? {};
  const mark = readNumber(row['markPrice']);
  const counted = contract === 'linear' ? 'base' : 'contracts';
  const turnover = readNumber(row['volumeQuote']);
  const snapshot: Snapshot = {
    symbol,
    rate: relativeRate(amount, index, { contract, cap, floor }),
    intervalH: INTERVAL_H,
    nextFundingAt: (Math.floor(at / HOUR_MS) + 1) * HOUR_MS,
    mark,
    index,
    ...sizeOf({ contract, contractSize: 1 }, mark, {
      openInterest: { amount: readNumber(row['openInterest']), counted },
      volume24h: turnover === null ? { amount: readNumber(row['vol24h']), counted } : { amount: turnover, counted: 'quote' },
    }),
    interestPer8h: null,
    ...statedLimits(cap, floor),
  };
  const settle = contract === 'linear' ? quote : base === 'XBT' ? 'BTC' : base;
  const named = { venue: ID, symbol, base, quote, settle, contract, contractSize: 1, assetClass, listedAt };
  market.add(perpetual(named), snapshot, at);
}
