import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { AssetClass, Instrument } from '#domain/instrument.ts';
import { readDate } from '../common/poll.ts';
import { asRow, isSymbol, listOf, readAmount, readName, readNumber, type Row } from '../common/read.ts';
import { grouped, marketOrderNotes, unitNotes } from '../common/rules.ts';
import { NAME, parseAnswer } from './body.ts';
import { type Coins, coinsOf, type Product } from './products.ts';

export interface BitgetListing extends Coins, Pick<Instrument, 'listedAt' | 'delistedAt'> {
  readonly product: Product;
  /** When the list was read. 'soon': it is listed and does not trade yet; 'dated': it has a day of delivery and no funding. */
  readonly state: 'live' | 'soon' | 'over' | 'dated';
  /** It is on a thing of the old world: a share, a metal. Of which kind this list does not say. */
  readonly isRwa: boolean;
  /** Hours, of the list's age. */
  readonly intervalH: number | null;
  /** Without the maintenance margin and the largest position, which have a list of their own. */
  readonly rules: OrderRules;
}

/** Body of GET /api/v2/mix/market/contracts; a row that does not say what it is of is left out. */
export function parseContracts(text: string, product: Product): ReadonlyMap<string, BitgetListing> {
  const listings = new Map<string, BitgetListing>();
  for (const item of listOf(NAME, parseAnswer(text).data, 'list of contracts')) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const [base, quote] = [readName(row?.['baseCoin']), readName(row?.['quoteCoin'])];
    if (row === null || !isSymbol(symbol) || base === null || quote === null) continue;
    const coins = coinsOf(product, base, quote);
    listings.set(symbol, {
      ...coins,
      product,
      state: stateOf(row),
      isRwa: row['isRwa'] === 'YES',
      intervalH: readHours(row['fundInterval']),
      listedAt: readDate(row['launchTime']),
      delistedAt: readDate(row['offTime']),
      rules: rulesOf(row, coins),
    });
  }
  return listings;
}

/** What is maintained, or may only be closed, still pays. */
function stateOf(row: Row): BitgetListing['state'] {
  if (row['symbolType'] === 'delivery') return 'dated';
  if (row['symbolStatus'] === 'off') return 'over';
  return row['symbolStatus'] === 'listed' ? 'soon' : 'live';
}

/** The state at `now`: the list is up to an hour old, and tells when a contract begins and when it will be removed. */
export function stateAt({ state, listedAt, delistedAt }: BitgetListing, now: number): BitgetListing['state'] {
  if (state === 'dated' || state === 'over') return state;
  if (delistedAt !== null && delistedAt <= now) return 'over';
  return state === 'soon' && listedAt !== null && listedAt <= now ? 'live' : state;
}

/** Whole hours from 1 to 24, written as text. */
export function readHours(value: unknown): number | null {
  const hours = readNumber(value);
  return hours !== null && Number.isInteger(hours) && hours >= 1 && hours <= 24 ? hours : null;
}

/** Orders are counted in coins on every product. */
function rulesOf(row: Row, { base, quote, contract }: Coins): OrderRules {
  const [step, least] = [readAmount(row['sizeMultiplier']), readAmount(row['minTradeNum'])];
  const mostAtMarket = readAmount(row['maxMarketOrderQty']);
  const isLinear = contract === 'linear';
  const fee = readAmount(row['takerFeeRate']);
  const common = {
    tickSize: tickOf(row),
    maxNotional: null,
    maxLeverage: readAmount(row['maxLever']),
    maintenance: null,
    // MMR + taker fee ratio: https://www.bitget.com/support/articles/12560603808759
    liquidationFee: fee,
  };
  const ofFee = fee === null ? [] : [`${NAME} adds its taker fee of ${exact(fee).times(100).toFixed()} % to the maintenance margin.`];
  if (isLinear)
    return {
      ...common,
      lotStep: step,
      minQuantity: least,
      maxQuantity: mostAtMarket ?? readAmount(row['maxOrderQty']),
      minNotional: readAmount(row['minTradeUSDT']),
      contractSize: '1',
      notes: [...unitNotes(base), ...marketOrderNotes(mostAtMarket, base), ...ofFee],
    };
  // Profit and loss are of an amount of money: that is what is planned, and its coins at the price of the order are what is placed.
  const ofOrders = least === null ? '' : `, at least ${grouped(least)}${step === null ? '' : ` and in steps of ${grouped(step)}`}`;
  return {
    ...common,
    lotStep: '1',
    minQuantity: null,
    maxQuantity: null,
    minNotional: null,
    contractSize: '1',
    notes: [
      `Sizes are in whole ${quote} here. ${NAME} takes orders of it in ${base}${ofOrders}: divide by the price.`,
      `${NAME} does not say what the position tiers of coin-margined contracts count, so there is no maintenance margin.`,
    ],
  };
}

/** `priceEndStep` units of the last of `pricePlace` decimals. */
function tickOf(row: Row): string | null {
  const [steps, places] = [readAmount(row['priceEndStep']), readNumber(row['pricePlace'])];
  if (steps === null || places === null || !Number.isInteger(places) || places < 0 || places > 20) return null;
  return exact(steps).div(exact(10).pow(places)).toFixed();
}

const CLASSES: Readonly<Record<string, AssetClass>> = {
  stock: 'equity',
  metal: 'commodity',
  commodity: 'commodity',
  forex: 'currency',
  index: 'index',
};

/** Body of GET /api/v3/market/instruments: the class of each symbol that is of no coin, by `symbolType`; others are not in it. */
export function parseClasses(text: string): ReadonlyMap<string, AssetClass> {
  const classes = new Map<string, AssetClass>();
  for (const item of listOf(NAME, parseAnswer(text).data, 'list of instruments')) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const type = row?.['symbolType'];
    const known = typeof type === 'string' ? CLASSES[type.toLowerCase()] : undefined;
    if (isSymbol(symbol) && known !== undefined) classes.set(symbol, known);
  }
  return classes;
}

/** Metals as ISO 4217 names them. */
const METALS: ReadonlySet<string> = new Set(['XAU', 'XAG', 'XPT', 'XPD']);

/**
 * What an instrument is on: a coin unless the list says otherwise; then as the other list says, else a metal by its name, else a share.
 * Where the other list was never read, what is no metal is not known.
 */
export function classOf(
  symbol: string,
  { isRwa, base }: BitgetListing,
  classes: ReadonlyMap<string, AssetClass> | null,
): AssetClass | null {
  if (!isRwa) return 'crypto';
  return classes?.get(symbol) ?? (METALS.has(base) ? 'commodity' : classes === null ? null : 'equity');
}
