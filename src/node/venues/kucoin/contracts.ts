import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import { canonicalAsset } from '#domain/aliases.ts';
import { type AssetClass, type Instrument } from '#domain/instrument.ts';
import { isWithoutFunding, type ListedTerms, readDate } from '../common/poll.ts';
import { asRow, isSymbol, readAmount, readName, readNumber, readText, type Row } from '../common/read.ts';
import { unitNotes } from '../common/rules.ts';
import { NAME } from './body.ts';

/** The level of its risk limits that a position starts in; position value in the settle currency. */
export interface RiskLevel {
  readonly limit: string;
  /** Maintenance margin of a whole position. */
  readonly rate: string;
  readonly maxLeverage: string;
}

/** A contract as the list of all of them describes it. */
export interface KucoinContract extends ListedTerms {
  /** Symbol of the index that it follows, .KXBTUSDT; null: not said. */
  readonly index: string | null;
  /** 'soon': it is listed and does not trade yet. */
  readonly state: 'live' | 'soon' | 'over' | 'dated';
  readonly row: Row;
}

const CLASSES: Readonly<Record<string, AssetClass>> = { CRYPTO: 'crypto', METAL: 'commodity', COMMODITY: 'commodity', STOCK: 'equity' };
/** For rows that do not name the class. */
const CLASSES_OF_MARKETS: Readonly<Record<string, AssetClass>> = { CRYPTO: 'crypto', NASDAQ: 'equity' };

/** `status`; what is "CancelOnly" keeps its positions and their funding. */
const STATES: Readonly<Record<string, KucoinContract['state']>> = {
  Init: 'soon',
  BeingSettled: 'over',
  Settled: 'over',
  Paused: 'over',
  Closed: 'over',
};
/** `type`; FFICSX is a future with a day of delivery. */
const PERPETUAL = 'FFWCSX';

/** Rows of GET /api/v1/contracts/active by symbol; those that do not say what they are of are left out. `now`: of this machine. */
export function contractsBySymbol(list: readonly unknown[], now: number): ReadonlyMap<string, KucoinContract> {
  const contracts = new Map<string, KucoinContract>();
  for (const item of list) {
    const row = asRow(item);
    const contract = row === null ? null : readContract(row, now);
    const symbol = row?.['symbol'];
    if (contract !== null && isSymbol(symbol) && !contracts.has(symbol)) contracts.set(symbol, contract);
  }
  return contracts;
}

/** Null where the row does not name its coins. */
function readContract(row: Row, now: number): KucoinContract | null {
  const base = baseOf(row);
  const quote = readName(row['quoteCurrency']);
  const settle = readName(row['settleCurrency']);
  if (base === null || quote === null || settle === null) return null;
  const contract = row['isInverse'] === true ? 'inverse' : 'linear';
  const delistedAt = readDate(row['expireDate']);
  return {
    base,
    quote,
    settle: canonicalAsset(settle).asset,
    contract,
    contractSize: sizeOfContract(row, contract),
    assetClass: classOf(row),
    listedAt: readDate(row['firstOpenDate']),
    delistedAt,
    index: readIndex(row['indexSymbol']),
    state: stateOf(row, delistedAt, now),
    row,
  };
}

/** Coins of Chinese names are written in Latin letters, and beside them as everybody else writes them. */
function baseOf(row: Row): string | null {
  const base = readName(row['baseCurrency']);
  const shown = readName(row['displayBaseCurrency']);
  return base !== null && shown !== null && /[^ -~]/u.test(shown) ? shown : base;
}

const readIndex = (value: unknown): string | null => (typeof value === 'string' && /^\.[A-Z\d]{1,39}$/iu.test(value) ? value : null);

const classOf = (row: Row): AssetClass | null =>
  row['marketStage'] === 'PRE_MARKET'
    ? 'pre-market'
    : (CLASSES[readText(row['assetClass']) ?? ''] ?? CLASSES_OF_MARKETS[readText(row['marketType']) ?? ''] ?? null);

function stateOf(row: Row, delistedAt: number | null, now: number): KucoinContract['state'] {
  const type = readText(row['type']);
  if (type !== PERPETUAL && (type !== null || isWithoutFunding(row['fundingFeeRate'], row['nextFundingRateDateTime']))) return 'dated';
  if (delistedAt !== null && delistedAt <= now) return 'over';
  return STATES[readText(row['status']) ?? ''] ?? 'live';
}

/** `multiplier`: coins of a contract; -1 of an inverse one, each of which is worth 1 of the quote. */
function sizeOfContract(row: Row, contract: Instrument['contract']): number | null {
  const size = readNumber(row['multiplier']) ?? 0;
  const coins = contract === 'linear' ? size : Math.abs(size);
  return coins > 0 ? coins : null;
}

/** The venue writes numbers as 1.0E-7: digits without an exponent; null for what is not above 0. */
export function plainAmount(value: unknown): string | null {
  const amount = readAmount(value);
  if (amount === null) return null;
  return typeof value === 'number' && !amount.includes('e') ? amount : exact(amount).toFixed();
}

/** Without the maintenance margin, which has a list of its own. Asked for where a person plans: of all contracts they would cost more than the rates. */
export function rulesOf({ row, base, quote, contract, contractSize: size }: KucoinContract): OrderRules {
  const contractSize = plainAmount(size);
  const unit = contract === 'linear' ? canonicalAsset(base).asset : quote;
  const sizeNote = contractSize === null ? 'does not say what one contract is.' : `counts in contracts of ${contractSize} ${unit}.`;
  const lot = plainAmount(row['lotSize']);
  return {
    lotStep: lot,
    minQuantity: lot,
    maxQuantity: plainAmount(row['marketMaxOrderQty']) ?? plainAmount(row['maxOrderQty']),
    tickSize: plainAmount(row['tickSize']),
    minNotional: null,
    maxNotional: null,
    contractSize,
    maxLeverage: plainAmount(row['maxLeverage']),
    maintenance: null,
    liquidationFee: null,
    notes: [`${NAME} ${sizeNote}`, ...unitNotes(base), `What ${NAME} charges for a liquidation itself is left out.`],
  };
}

export function firstLevelOf({ row }: KucoinContract): RiskLevel | null {
  const [limit, rate, maxLeverage] = ['maxRiskLimit', 'maintainMargin', 'maxLeverage'].map((name) => plainAmount(row[name]));
  return limit && rate && maxLeverage ? { limit, rate, maxLeverage } : null;
}
