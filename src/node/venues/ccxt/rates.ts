import { asRow, readNumber, readTime, type Row } from '../common/read.ts';
import { stillInForce } from '../common/poll.ts';
import type { Way } from './ways.ts';

/** What an answer says of one contract. `at`: its own time, else when it was asked. */
export interface CcxtRate {
  readonly rate: number;
  /** Null: not told, and nothing that could refute the usual one. */
  readonly intervalH: number | null;
  readonly isGuess: boolean;
  readonly nextFundingAt: number | null;
  readonly mark: number | null;
  readonly index: number | null;
  readonly at: number;
}

const HOURS = /^(\d{1,2}(?:\.\d{1,3})?)h$/u;
/** ccxt writes "8h". */
const readInterval = (value: unknown): number | null => asInterval(Number(typeof value === 'string' ? HOURS.exec(value)?.[1] : NaN));

/** Hours of no interval there is are none. */
export const asInterval = (hours: number | null): number | null => (hours !== null && hours > 0 && hours <= 24 ? hours : null);

/** The first time after `at`: of some exchanges ccxt's "next" is the one after, of others the first of the two is past. */
function nextOf(at: number, ...times: readonly unknown[]): number | null {
  const ahead = times.map(readTime).filter((time) => time !== null && time > at);
  return ahead.length === 0 ? null : Math.min(...ahead.filter((time) => time !== null));
}

const priceOf = (value: unknown): number | null => readNumber(value) || null;

/** ccxt's own of the contract; an old one was read before the last attempt to read the list, which failed. */
interface Listed {
  readonly market: Row | null;
  readonly isOld: boolean;
}

const UNLISTED: Listed = { market: null, isOld: false };

/** One unified funding rate; null where it states no rate. */
export function readRate(answer: unknown, way: Way, askedAt: number, { market, isOld }: Listed = UNLISTED): CcxtRate | null {
  const { running, rateHours, interval, usualH, history } = way;
  const row = asRow(answer);
  const stated = readNumber(row?.[running ?? 'fundingRate']);
  if (row === null || stated === null) return null;
  const at = readTime(row['timestamp']) ?? askedAt;
  const nextFundingAt = nextOf(at, row['fundingTimestamp'], row['nextFundingTimestamp']);
  const said = statedInterval(row, way, market);
  // What a list said is held against the next settlement. Where neither settlements nor announced ones could refute the usual one, none is assumed.
  const usual = said !== null || (nextFundingAt === null && history === null) ? null : usualH;
  const intervalH = interval === 'list' ? (stillInForce(said, nextFundingAt, at) ?? usual) : (said ?? usual);
  if (rateHours !== undefined && intervalH === null) return null;
  return {
    rate: rateHours === undefined || intervalH === null ? stated : (stated * intervalH) / rateHours,
    intervalH,
    // One of a list may have changed since, which an announced settlement shows; where none is, the list is its word.
    isGuess: intervalH !== null && (said === null || (interval === 'list' && (isOld || nextFundingAt !== null))),
    nextFundingAt,
    mark: priceOf(row['markPrice']),
    index: priceOf(row['indexPrice']),
    at,
  };
}

function statedInterval(row: Row, { interval, statedH, usualH }: Way, market: Row | null): number | null {
  if (interval === undefined) return null;
  const raw = statedH?.(asRow(row['info']) ?? {}, asRow(market?.['info']) ?? {}) ?? null;
  return asInterval(raw) ?? (interval === 'documented' ? usualH : readInterval(row['interval']));
}
