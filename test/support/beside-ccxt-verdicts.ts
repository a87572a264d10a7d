const OKX = 'https://www.okx.com/docs-v5/en/#public-data-rest-api-get-funding-rate';
const COINEX = 'https://docs.coinex.com/api/v2/futures/market/http/list-market-funding-rate';
const KRAKEN = 'https://docs.kraken.com/api/docs/futures-api/trading/get-tickers';
const GATE = 'https://www.gate.com/docs/developers/apiv4/en/#query-all-futures-contracts';
const BINGX = 'https://bingx-api.github.io/docs/#/en-us/swapV2/market-api';
const WOO = 'https://developer.woox.io/api-reference/endpoint/public_data/fundingRate';
const BACKPACK = 'https://docs.backpack.exchange/#tag/Markets/operation/get_markets';
const NOT_SETTLED =
  'Ours. latest_funding_rate was paid at latest_funding_time; the estimate of the interval in progress is next_funding_rate, due at next_funding_time';
const TWICE =
  'Ours: the symbol stands twice in the body, and the first row stays; ccxt, asked row by row, reads each, and asked for all keeps the last.';
const AMOUNT =
  'Ours. fundingRate is an amount of money for a contract, which is a share of the index, held to the limit of the contract; ccxt divides by the mark and knows no limit';
const RAW_INTERVAL =
  'Ours. The interval of the contract is longer or shorter than what lies between now and the stated settlement allows, or is no interval: it is not passed on.';

/** By venue, field and instrument, by venue and field, or by field: the narrowest holds. */
export const VERDICTS: Readonly<Record<string, string>> = {
  row: 'Ours. The contract is not in the list of the venue, is halted or has ended there, or its rate or time cannot be (each reason is counted and logged); ccxt passes on what stands in the row.',
  settlement:
    'Ours. The rate or the time is missing or beyond 10 % an hour: the row is refused and its stretch stays open, to be asked for again; ccxt passes it on.',
  'order book': 'Ours: a level of 0 holds no orders; ccxt passes it on.',
  candle: 'Ours. The hour has not ended yet, or states no price: nothing is stored of it; ccxt passes on what stands in the row.',
  'deribit settlement':
    'Ours: interest_1h is what the hour accrued; ccxt hands on interest_8h, the rate of 8 hours, in each of eight rows. https://docs.deribit.com/api-reference/market-data/public-get_funding_rate_history',
  'lighter rate':
    'Ours: the list quotes rates for 8 h, an eighth of which is paid each hour; ccxt hands on the quote as if it were the rate of the hour. https://docs.lighter.xyz/trading/funding',
  'lighter order book':
    'Ours: of orders at one price the level is their sum; ccxt hands on order by order, so that a price stands there several times (the last one is shown here). https://apidocs.lighter.xyz (orderBookOrders)',
  'deribit order book':
    'Ours, in coins: amounts of an inverse contract are in dollars; ccxt hands on the dollars, and lists the contract as one of 10. https://docs.deribit.com/api-reference/market-data/public-get_order_book',
  'dydx order book':
    'Ours. The two sides overlap, as they may in an indexer that is told of orders one by one: what would have traded is taken off; ccxt passes on a bid above the ask. https://docs.dydx.xyz/interaction/data/watch-orderbook',
  'bingx candle': `Ours: an hour is named by openTime; ccxt takes closeTime for it, so that each price is an hour late. ${BINGX}`,
  'okx open interest': `Ours, in coins: oi counts contracts, of 0.01 BTC here, and oiCcy says 25000 coins itself. ${OKX}`,
  'deribit open interest':
    'Ours, in coins at the mark: open_interest of an inverse contract is in dollars, which ccxt hands on as an amount. https://docs.deribit.com/api-reference/market-data/public-get_book_summary_by_currency',
  'binance rate BTCUSDT': TWICE,
  'binance mark BTCUSDT': TWICE,
  'binance index BTCUSDT': TWICE,
  'okx interest': `Ours: interestRate of the row; ccxt writes 0 for every contract. ${OKX}`,
  'okx interval OPT-USDT-SWAP': `Ours: the interval in progress ends at fundingTime and began at prevFundingTime; ccxt takes fundingTime to nextFundingTime, the one after. ${OKX}`,
  'okx interval EARLY-USDT-SWAP': `Ours: of a contract before its first settlement the interval in progress is not stated; ccxt takes the one after. ${OKX}`,
  'okx rate WLD-USDT-SWAP': TWICE,
  'okx interval WLD-USDT-SWAP': TWICE,
  'okx next settlement WLD-USDT-SWAP': TWICE,
  'bitget interval SHIFTUSDT':
    'Ours. It says 1 h and that the next settlement is in more than 4 h: an interval that changes holds from the next one on. https://www.bitget.com/api-doc/contract/market/Get-Current-Funding-Rate',
  'bitget next settlement OLDUSDT':
    'Ours: nextUpdate lies in the past, so nothing is said of the next one. https://www.bitget.com/api-doc/contract/market/Get-Current-Funding-Rate',
  'gate interest': `Ours, per 8 h: interest_rate is per day (0.0003 is 0.01 % per 8 h, at which quiet contracts rest); ccxt hands on the day's as if it were the interval's. ${GATE}`,
  'gate mark XAU_USDT': `Ours: 0 is no price. ${GATE}`,
  'gate next settlement WAIT_USDT': `Ours: 0 is no time. ${GATE}`,
  'gate rate BTC_USDT': TWICE,
  'gate mark BTC_USDT': TWICE,
  'gate index BTC_USDT': TWICE,
  'mexc next settlement 1000BONK_USDT':
    'Ours: nextSettleTime lies in the past, so nothing is said of the next one. https://www.mexc.com/api-docs/futures/market-endpoints',
  'mexc interval PAUSED_USDT': RAW_INTERVAL,
  'aster interest ZORAUSDT':
    'Ours, per 8 h: interestRate is per interval (4 h here; at rest the rate is the same 0.00005). https://github.com/asterdex/api-docs',
  'aster interest NEWUSDT':
    'Ours: its interval is not stated, so what the interest is per 8 h is not known. https://github.com/asterdex/api-docs',
  'kraken rate': `${AMOUNT}. ${KRAKEN}, ccxt/ccxt#25343`,
  'kraken rate PI_XBTUSD': `Ours. Of an inverse contract the amount is in coins per dollar, so the share is the amount times the index; ccxt divides. ${KRAKEN}`,
  'bingx interval PAST-USDT': RAW_INTERVAL,
  'bingx mark NOPRICE-USDT': `Ours: 0 is no price. ${BINGX}`,
  'coinex rate': `${NOT_SETTLED}. ${COINEX}`,
  'coinex next settlement': `${NOT_SETTLED}; of one that lies in the past nothing is said. ${COINEX}`,
  'coinex mark BTCUSDT': `Both, of their list: we take the mark of the tickers, which are newer than the list of rates. The two bodies of these tests were made apart. ${COINEX}`,
  'woo interest': `Ours, per 8 h: where its rates rest, as 0.0001 for 8 h; ccxt writes 0 for every contract. ${WOO}`,
  'woo interval PERP_SOLV_USDT': RAW_INTERVAL,
  'woo next settlement PERP_EWT_USDT': `Ours: nextFundingTime lies in the past, so nothing is said of the next one. ${WOO}`,
  'backpack interval': `Ours: fundingInterval of the list of markets, where it fits the next settlement; ccxt writes 1 h for every contract. ${BACKPACK}`,
  'backpack mark NOPRICE_USDC_PERP': `Ours: 0 is no price. ${BACKPACK}`,
  'coinex mark NOPRICEUSDT': `Ours: 0 is no price. ${COINEX}`,
};
