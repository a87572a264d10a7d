import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { Tier } from '#domain/decisions/maintenance.ts';
import type { Instrument } from '#domain/instrument.ts';
import { readDate } from '../common/poll.ts';
import { asRow, isSymbol, listOf, malformed, readAmount, readName, readNumber, type Row, splitPair } from '../common/read.ts';
import { grouped, unitNotes } from '../common/rules.ts';
import { NAME, parseData } from './body.ts';

export interface CoinexCoins extends Pick<Instrument, 'quote' | 'settle' | 'contract'> {
  readonly base: string;
}

export interface CoinexListing extends CoinexCoins {
  readonly delistedAt: number | null;
  /** 'closed': it is listed, and not open to trade. */
  readonly state: 'live' | 'closed';
  /** In contracts, as the list said it at `at`: older tickers do not say it. */
  readonly openInterest: { readonly amount: number; readonly at: number } | null;
  readonly rules: OrderRules;
}

/** One contract is one coin of a linear contract, and one USD of an inverse one. */
export const CONTRACT_SIZE = 1;

/** Of a name without the list: those with a dollar coin behind are linear. */
export function coinsOfName(symbol: string): CoinexCoins | null {
  const pair = splitPair(symbol, ['USDT', 'USDC']);
  return pair === null ? null : { ...pair, settle: pair.quote, contract: 'linear' };
}

/** Body of GET /v2/futures/market by market; a row that does not say what it is of is left out. */
export function parseMarkets(text: string, now: number): ReadonlyMap<string, CoinexListing> {
  const listings = new Map<string, CoinexListing>();
  for (const item of listOf(NAME, parseData(text), 'list of markets')) {
    const row = asRow(item);
    const symbol = row?.['market'];
    const [base, quote] = [readName(row?.['base_ccy']), readName(row?.['quote_ccy'])];
    const contract = row?.['contract_type'];
    if (row === null || !isSymbol(symbol) || !base || !quote || (contract !== 'linear' && contract !== 'inverse')) continue;
    const amount = readNumber(row['open_interest_volume']);
    listings.set(symbol, {
      base,
      quote,
      settle: contract === 'linear' ? quote : base,
      contract,
      delistedAt: readDate(row['delisted_at']),
      state: row['is_market_available'] === false ? 'closed' : 'live',
      openInterest: amount === null ? null : { amount, at: now },
      rules: rulesOf(row, base, contract),
    });
  }
  return listings;
}

function rulesOf(row: Row, base: string, contract: Instrument['contract']): OrderRules {
  const leverages = Array.isArray(row['leverage']) ? row['leverage'].flatMap((one) => readNumber(one) ?? []) : [];
  return {
    // An inverse contract is one USD, and held in whole ones.
    lotStep: contract === 'linear' ? stepOf(row['base_ccy_precision']) : '1',
    minQuantity: readAmount(row['min_amount']),
    maxQuantity: null,
    tickSize: readAmount(row['tick_size']) ?? stepOf(row['quote_ccy_precision']),
    minNotional: null,
    maxNotional: null,
    contractSize: String(CONTRACT_SIZE),
    maxLeverage: leverages.length === 0 ? null : String(Math.max(...leverages)),
    maintenance: null,
    liquidationFee: null,
    notes: [...unitNotes(base), `What ${NAME} charges for a liquidation itself is left out.`],
  };
}

/** 0.001 of 3 decimals; null for what is no number of them. */
function stepOf(decimals: unknown): string | null {
  const count = readNumber(decimals);
  return count !== null && Number.isInteger(count) && count >= 0 && count <= 18 ? (10 ** -count).toFixed(count) : null;
}

type Levels = Pick<OrderRules, 'maintenance' | 'maxQuantity' | 'notes'>;

/**
 * Body of GET /v2/futures/position-level: of each level the largest position in contracts, `amount`. A position pays the rate of the level
 * that holds it on the whole.
 */
export function parseLevels(text: string, symbol: string): Levels {
  const rows = listOf(NAME, parseData(text), 'list of position levels').map(asRow);
  const found = rows.find((row) => row?.['market'] === symbol);
  if (found === undefined || found === null)
    throw malformed(NAME, `asked for the position levels of ${symbol}, which are not in the answer`);
  const levels = listOf(NAME, found['level'], `position levels of ${symbol}`).map((item) => {
    const [amount, rate, leverage] = ['amount', 'maintenance_margin_rate', 'leverage'].map((name) => readAmount(asRow(item)?.[name]));
    if (!amount || !rate || !leverage) throw malformed(NAME, `position levels of ${symbol}: one without amount, rate or leverage`);
    return { amount, rate, leverage };
  });
  levels.sort((a, b) => exact(a.amount).cmp(b.amount));
  const last = levels.at(-1);
  if (last === undefined)
    return { maintenance: null, maxQuantity: null, notes: [`${NAME} states no position levels of it, so there is no maintenance margin.`] };
  const tiers = levels.map(({ rate, leverage }, i): Tier => ({ floor: levels[i - 1]?.amount ?? '0', rate, maxLeverage: leverage }));
  return {
    maintenance: { kind: 'tiers', tiers, charge: 'whole', by: 'contracts' },
    maxQuantity: last.amount,
    notes: [`The largest position that ${NAME}'s levels hold is ${grouped(last.amount)} contracts.`],
  };
}
