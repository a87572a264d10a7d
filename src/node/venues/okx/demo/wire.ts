import { BOOK_LEVELS, demoBook } from '#node/demo/books.ts';
import type { PriceKind } from '#node/demo/candles.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { nextFundingAt, runningRate } from '#node/demo/funding.ts';
import { INTEREST_8H } from '#node/demo/process.ts';
import { json, priceDecimals, trimmed, wholeNumber, type Model, type Wire, type WireAnswer } from '#node/demo/wire.ts';
import { CAP } from './cap.ts';
import { fundingHistory, priceCandles } from './history.ts';
import { instruments, positionTiers } from './instruments.ts';
import { badParameter, ended, familyOf, good, inContracts, lots, noInstrument } from './words.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CANDLES: Readonly<Record<string, PriceKind>> = {
  '/api/v5/market/history-mark-price-candles': 'mark',
  '/api/v5/market/history-index-candles': 'index',
};

/** OKX v5 public REST, instrument type SWAP: https://www.okx.com/docs-v5/en/#public-data-rest-api */
export function createOkxWire(model: Model): Wire {
  const { contracts, process } = model;
  const live = (now: number): Contract[] => contracts.of('okx', now).filter((contract) => !ended(contract, now));
  const found = (instId: string, now: number): Contract | null => live(now).find(({ symbol }) => symbol === instId) ?? null;
  const priceText = (price: number): string => price.toFixed(priceDecimals(price));

  function rateRow(contract: Contract, now: number): object {
    const next = nextFundingAt(contract, now);
    const before = next - contract.intervalAt(now) * HOUR;
    return {
      formulaType: 'withRate',
      fundingRate: trimmed(runningRate(process, contract, now), 16),
      fundingTime: String(next),
      impactValue: '20000.0000000000000000',
      instId: contract.symbol,
      instType: 'SWAP',
      // Fixed, whatever the interval.
      interestRate: INTEREST_8H.toFixed(16),
      maxFundingRate: trimmed(CAP, 5),
      method: 'current_period',
      minFundingRate: trimmed(-CAP, 5),
      nextFundingRate: '',
      nextFundingTime: String(nextFundingAt(contract, next)),
      premium: trimmed(process.premium(contract, now), 16),
      prevFundingTime: String(before),
      settFundingRate: trimmed(runningRate(process, contract, before - 1), 16),
      settState: 'settled',
      ts: String(now - 120),
    };
  }

  function rates(query: URLSearchParams, now: number): WireAnswer {
    const instId = query.get('instId') ?? '';
    if (instId === 'ANY') return good(live(now).map((contract) => rateRow(contract, now)));
    const contract = found(instId, now);
    return contract === null ? noInstrument() : good([rateRow(contract, now)]);
  }

  function indexTickers(query: URLSearchParams, now: number): WireAnswer {
    const [quote, instId] = [query.get('quoteCcy'), query.get('instId')];
    if (quote === null && instId === null) return badParameter('quoteCcy');
    const asked = live(now).filter((contract) => (instId === null ? contract.quote === quote : familyOf(contract) === instId));
    return good(
      asked.map((contract) => {
        const [index, before] = [process.index(contract, now), process.index(contract, now - DAY)];
        return {
          instId: familyOf(contract),
          idxPx: priceText(index),
          high24h: priceText(Math.max(index, before) * 1.01),
          sodUtc0: priceText(before),
          open24h: priceText(before),
          low24h: priceText(Math.min(index, before) * 0.99),
          sodUtc8: priceText(before),
          ts: String(now - 80),
        };
      }),
    );
  }

  const markRow = (contract: Contract, now: number): object => ({
    instId: contract.symbol,
    instType: 'SWAP',
    markPx: priceText(process.mark(contract, now)),
    ts: String(now - 100),
  });

  function openInterestRow(contract: Contract, now: number): object {
    const [coins, mark] = [process.openInterest(contract, now), process.mark(contract, now)];
    return {
      instId: contract.symbol,
      instType: 'SWAP',
      oi: lots(contract, inContracts(contract, coins, mark)),
      oiCcy: trimmed(coins, 4),
      oiUsd: (coins * mark).toFixed(2),
      ts: String(now - 60),
    };
  }

  function ticker(contract: Contract, now: number): object {
    const [last, before] = [process.last(contract, now), process.last(contract, now - DAY)];
    const mark = process.mark(contract, now);
    const coins = process.turnover(contract, now, DAY) / mark;
    return {
      instType: 'SWAP',
      instId: contract.symbol,
      last: priceText(last),
      lastSz: '1',
      askPx: priceText(last * 1.0001),
      askSz: '12',
      bidPx: priceText(last * 0.9999),
      bidSz: '9',
      open24h: priceText(before),
      high24h: priceText(Math.max(last, before) * 1.01),
      low24h: priceText(Math.min(last, before) * 0.99),
      // Coins; `vol24h` is in contracts.
      volCcy24h: trimmed(coins, 4),
      vol24h: lots(contract, inContracts(contract, coins, mark)),
      sodUtc0: priceText(before),
      sodUtc8: priceText(before),
      ts: String(now - 40),
    };
  }

  /** A list of all swaps, or of one of them. */
  function listOf(query: URLSearchParams, now: number, rowOf: (contract: Contract, now: number) => object): WireAnswer {
    if (query.get('instType') !== 'SWAP') return badParameter('instType');
    const instId = query.get('instId');
    const shown = live(now).filter(({ symbol }) => instId === null || symbol === instId);
    return shown.length === 0 ? noInstrument() : good(shown.map((contract) => rowOf(contract, now)));
  }

  function book(query: URLSearchParams, now: number): WireAnswer {
    const levels = wholeNumber(query, 'sz') ?? 1;
    const contract = found(query.get('instId') ?? '', now);
    if (contract === null) return noInstrument();
    if (!(levels >= 1 && levels <= 5_000)) return badParameter('sz');
    const { bids, asks, digits } = demoBook(process, contract, now, Math.min(levels, BOOK_LEVELS));
    const side = (list: typeof bids): string[][] =>
      list
        .map(({ price, size }) => [price.toFixed(digits), lots(contract, inContracts(contract, size, price)), '3'])
        .filter(([, size]) => Number(size) > 0);
    return good([{ asks: side(asks), bids: side(bids), ts: String(now - 20) }]);
  }

  return ({ method, path, query }, now) => {
    const kind = CANDLES[path];
    if (method === 'GET') {
      if (kind) return priceCandles(model, kind, query, now);
      if (path === '/api/v5/public/funding-rate') return rates(query, now);
      if (path === '/api/v5/public/funding-rate-history') return fundingHistory(model, query, now);
      if (path === '/api/v5/public/instruments') return instruments(model, query, now);
      if (path === '/api/v5/public/position-tiers') return positionTiers(model, query, now);
      if (path === '/api/v5/public/open-interest') return listOf(query, now, openInterestRow);
      if (path === '/api/v5/public/mark-price') return listOf(query, now, markRow);
      if (path === '/api/v5/market/tickers') return listOf(query, now, ticker);
      if (path === '/api/v5/market/index-tickers') return indexTickers(query, now);
      if (path === '/api/v5/market/books-full') return book(query, now);
      if (path === '/api/v5/public/time') return good([{ ts: String(now) }]);
    }
    return json({ code: '404', msg: `No path ${path}`, data: [] }, 404);
  };
}
