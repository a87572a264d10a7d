import { tiersOf } from '#node/demo/books.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { datedPremium, quarterEnds } from '#node/demo/dated.ts';
import { nextFundingAt, runningRate } from '#node/demo/funding.ts';
import { INTEREST_8H } from '#node/demo/process.ts';
import { priceDecimals, type Model, type WireAnswer } from '#node/demo/wire.ts';
import { CAP } from './cap.ts';
import { ended, faceOf, good, indexOf, inSettle, lotsOf, lotsWorth, nameOf, noContract } from './words.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));
/** What every row holds of a contract without funding, and of what is not set. */
const WITHOUT = {
  fairMethod: null,
  fundingBaseSymbol: null,
  fundingQuoteSymbol: null,
  fundingRateSymbol: null,
  fundingFeeRate: null,
  predictedFundingFeeRate: null,
  dailyInterestRate: null,
  fundingRateGranularity: null,
  fundingRateCap: null,
  fundingRateFloor: null,
  period: null,
  effectiveFundingRateCycleStartTime: null,
  currentFundingRateGranularity: null,
  nextFundingRateTime: null,
  nextFundingRateDateTime: null,
  lastTimeFundingRate: null,
};

/** GET /api/v1/contracts/active, fields in the order of https://www.kucoin.com/docs-new/rest/futures-trading/market-data/get-all-symbols */
export function activeContracts({ contracts, process }: Model, now: number): WireAnswer {
  function row(contract: Contract): object {
    const { symbol, base, quote } = contract;
    const inverse = contract.contract === 'inverse';
    const [mark, last, before] = [process.mark(contract, now), process.last(contract, now), process.last(contract, now - DAY)];
    const digits = priceDecimals(mark);
    const price = (value: number): number => rounded(value, digits);
    const turnover = process.turnover(contract, now, DAY);
    const tier = tiersOf(contract)[0];
    const level = inSettle(contract, tiersOf(contract)[1]?.from ?? 0);
    const end = contract.delistedAt - now < 10 * DAY ? contract.delistedAt : null;
    const most = lotsWorth(contract, 10_000_000);
    const settle = nameOf(contract.settle);
    return {
      symbol,
      displaySymbol: symbol,
      rootSymbol: settle,
      type: 'FFWCSX',
      firstOpenDate: contract.listedAt,
      expireDate: end,
      settleDate: end,
      baseCurrency: base,
      displayBaseCurrency: base,
      quoteCurrency: quote,
      settleCurrency: settle,
      maxOrderQty: most,
      marketMaxOrderQty: most,
      maxPrice: 1_000_000,
      lotSize: 1,
      tickSize: 10 ** -digits,
      indexPriceTickSize: 10 ** -digits,
      multiplier: inverse ? -1 : faceOf(contract),
      initialMargin: rounded(1 / (tier?.maxLeverage ?? 1), 8),
      maintainMargin: rounded(1 / (2 * (tier?.maxLeverage ?? 1)), 8),
      maxRiskLimit: level,
      minRiskLimit: level,
      riskStep: level / 2,
      makerFeeRate: 0.0002,
      takerFeeRate: 0.0006,
      takerFixFee: 0,
      makerFixFee: 0,
      settlementFee: null,
      isDeleverage: true,
      isQuanto: !inverse,
      isInverse: inverse,
      markMethod: 'FairPrice',
      ...WITHOUT,
      ...fundingOf(contract),
      indexSymbol: indexOf(contract),
      settlementSymbol: '',
      status: 'Open',
      openInterest: String(lotsOf(contract, process.openInterest(contract, now), mark)),
      // In the settle currency; the volume is in coins of a linear contract and in contracts of an inverse one.
      turnoverOf24h: rounded(inverse ? turnover / mark : turnover, 8),
      volumeOf24h: inverse ? Math.round(turnover) : rounded(turnover / mark, 8),
      markPrice: price(mark),
      indexPrice: price(process.index(contract, now)),
      lastTradePrice: price(last),
      maxLeverage: tier?.maxLeverage ?? 1,
      sourceExchanges: ['okex', 'binance', 'kucoin', 'bybit', 'gateio'],
      premiumsSymbol1M: `.${symbol}PI`,
      premiumsSymbol8H: `.${symbol}PI8H`,
      lowPrice: price(Math.min(last, before) * 0.99),
      highPrice: price(Math.max(last, before) * 1.01),
      priceChgPct: rounded(last / before - 1, 4),
      priceChg: price(last - before),
      supportCross: true,
      marketStage: 'NORMAL',
      preMarketToPerpDate: null,
      marketType: 'CRYPTO',
      assetClass: 'CRYPTO',
      subMarketType: null,
    };
  }

  function fundingOf(contract: Contract): object {
    const { symbol, base, quote } = contract;
    const next = nextFundingAt(contract, now);
    const length = contract.intervalAt(now) * HOUR;
    return {
      fairMethod: 'FundingRate',
      fundingBaseSymbol: `.${base}INT8H`,
      fundingQuoteSymbol: `.${quote}INT8H`,
      fundingRateSymbol: `.${symbol}FPI8H`,
      fundingFeeRate: rounded(runningRate(process, contract, now), 6),
      dailyInterestRate: 3 * INTEREST_8H,
      fundingRateGranularity: contract.intervalAt(next) * HOUR,
      fundingRateCap: CAP,
      fundingRateFloor: -CAP,
      period: 1,
      effectiveFundingRateCycleStartTime: contract.intervalAt(next) * HOUR === length ? contract.listedAt : next,
      currentFundingRateGranularity: length,
      // What is left until then, and when it is.
      nextFundingRateTime: next - now,
      nextFundingRateDateTime: next,
      lastTimeFundingRate: rounded(runningRate(process, contract, next - length - 1), 6),
    };
  }

  /** A future of bitcoin until the end of a quarter, without funding. */
  function datedRow(perpetual: Contract): object {
    const end = quarterEnds(now, 1)[0] ?? now;
    const year = String(new Date(end).getUTCFullYear()).slice(2);
    const symbol = `XBTM${'HMUZ'[Math.floor(new Date(end).getUTCMonth() / 3)] ?? 'Z'}${year}`;
    const mark = process.mark(perpetual, now) * (1 + datedPremium(end, now));
    const dates = { firstOpenDate: end - 180 * DAY, expireDate: end, settleDate: end };
    const size = { openInterest: '16356', turnoverOf24h: 0, volumeOf24h: 0, markPrice: rounded(mark, 1), lastTradePrice: null };
    return {
      ...row(perpetual),
      ...WITHOUT,
      symbol,
      displaySymbol: symbol,
      type: 'FFICSX',
      ...dates,
      ...size,
      settlementSymbol: '.BXBT30M',
    };
  }

  const live = contracts.of('kucoin', now).filter((contract) => !ended(contract, now));
  const bitcoin = contracts.find('kucoin', 'XBTUSDM', now);
  return good([...live.map(row), ...(bitcoin === null ? [] : [datedRow(bitcoin)])]);
}

/** GET /api/v1/contracts/risk-limit/{symbol}: levels by position value in the settle currency, maintenance half the initial margin. */
export function riskLimits({ contracts }: Model, symbol: string, now: number): WireAnswer {
  const contract = contracts.find('kucoin', symbol, now);
  if (contract === null || ended(contract, now)) return noContract();
  const tiers = tiersOf(contract);
  const limit = (i: number): number => inSettle(contract, tiers[i]?.from ?? 5 * (tiers.at(-1)?.from ?? 0));
  return good(
    tiers.map(({ maxLeverage }, i) => ({
      symbol,
      level: i + 1,
      maxRiskLimit: limit(i + 1),
      minRiskLimit: i === 0 ? 0 : limit(i),
      maxLeverage,
      initialMargin: rounded(1 / maxLeverage, 8),
      maintainMargin: rounded(1 / (2 * maxLeverage), 8),
    })),
  );
}
