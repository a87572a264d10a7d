import type { OrderRules } from '#core/venue.ts';
import { exact } from '#domain/decisions/exact.ts';
import type { MaintenanceRule, Tier } from '#domain/decisions/maintenance.ts';
import type { AssetClass, Instrument } from '#domain/instrument.ts';
import { readDate } from '../common/poll.ts';
import { asRow, isSymbol, listOf, readAmount, readName, readNumber, type Row } from '../common/read.ts';
import { grouped, unitNotes } from '../common/rules.ts';
import { NAME, parseData } from './body.ts';

export interface MexcListing extends Pick<
  Instrument,
  'quote' | 'settle' | 'contract' | 'contractSize' | 'assetClass' | 'listedAt' | 'delistedAt'
> {
  readonly base: string;
  readonly state: 'live' | 'over' | 'dated';
  readonly rules: OrderRules;
}

/** More levels than any contract has: steps that are that small are none. */
const MAX_LEVELS = 100;

/** Body of GET /api/v1/contract/detail by symbol; a row that does not say what it is of is left out. */
export function parseDetail(text: string): ReadonlyMap<string, MexcListing> {
  const listings = new Map<string, MexcListing>();
  for (const item of listOf(NAME, parseData(text), 'list of contracts')) {
    const row = asRow(item);
    const symbol = row?.['symbol'];
    const listing = row === null ? null : listingOf(row);
    if (listing !== null && isSymbol(symbol) && !listings.has(symbol)) listings.set(symbol, listing);
  }
  return listings;
}

/** Settled in what it is priced in, or in its own coin (then a contract is an amount of quote money); null for anything else. */
function listingOf(row: Row): MexcListing | null {
  const [base, quote, settle] = ['baseCoin', 'quoteCoin', 'settleCoin'].map((name) => readName(row[name]));
  if (!base || !quote || !settle || (settle !== quote && settle !== base)) return null;
  const contract = settle === quote ? 'linear' : 'inverse';
  // Contracts of some coins have names of their own, FILECOIN_USDT: `baseCoinName` is what the coin is called, FIL.
  const coin = readName(row['baseCoinName']) ?? base;
  const size = readAmount(row['contractSize']);
  return {
    base: coin,
    quote,
    settle,
    contract,
    contractSize: size === null ? null : Number(size),
    assetClass: classOf(row['conceptPlate']),
    listedAt: readDate(row['openingTime']) ?? readDate(row['createTime']),
    delistedAt: null,
    state: stateOf(row),
    rules: rulesOf(row, coin, quote, contract, size),
  };
}

/** `futureType` 2 has a day of delivery. `state`: 0 enabled, 1 delivery, 2 completed, 3 offline, 4 paused, which keeps its positions. */
function stateOf(row: Row): MexcListing['state'] {
  if (readNumber(row['futureType']) === 2) return 'dated';
  return [1, 2, 3].includes(readNumber(row['state']) ?? 0) ? 'over' : 'live';
}

/** Zones of its market: of shares and of metals they are named so, all others are of coins. Null where it names none. */
function classOf(plates: unknown): AssetClass | null {
  if (!Array.isArray(plates) || plates.length === 0) return null;
  const names = plates.filter((plate): plate is string => typeof plate === 'string').join(' ');
  if (/stock|equit/iu.test(names)) return 'equity';
  if (/metal|commodit|gold|oil/iu.test(names)) return 'commodity';
  return /forex/iu.test(names) ? 'currency' : 'crypto';
}

function rulesOf(row: Row, base: string, quote: string, contract: Instrument['contract'], size: string | null): OrderRules {
  const unit = contract === 'linear' ? base : quote;
  const levels = levelsOf(row);
  const sizeNote = size === null ? 'does not say what one contract is.' : `counts in contracts of ${size} ${unit}.`;
  return {
    lotStep: readAmount(row['volUnit']),
    minQuantity: readAmount(row['minVol']),
    maxQuantity: readAmount(row['maxVol']),
    tickSize: readAmount(row['priceUnit']),
    minNotional: null,
    maxNotional: null,
    contractSize: size,
    maxLeverage: readAmount(row['maxLeverage']),
    maintenance: levels?.maintenance ?? null,
    liquidationFee: null,
    notes: [
      `${NAME} ${sizeNote}`,
      ...unitNotes(base),
      ...(levels === null
        ? [`${NAME} does not state its risk levels in full, so there is no maintenance margin.`]
        : [`The largest position that ${NAME}'s risk levels hold is ${grouped(levels.most)} contracts.`]),
      `What ${NAME} charges for a liquidation itself is left out.`,
    ],
  };
}

/**
 * Risk levels by the contracts of the whole position: the first up to `riskBaseVol`, each further one `riskIncrVol` more, at rates that
 * rise by `riskIncrMmr` and `riskIncrImr`. Null where they cannot be told, such as by value.
 */
function levelsOf(row: Row): { readonly maintenance: MaintenanceRule; readonly most: string } | null {
  const [first, rate, initial] = ['riskBaseVol', 'maintenanceMarginRate', 'initialMarginRate'].map((name) => readAmount(row[name]));
  if (row['riskLimitType'] === 'BY_VALUE' || !first || !rate || !initial) return null;
  const [step, rateStep, initialStep] = ['riskIncrVol', 'riskIncrMmr', 'riskIncrImr'].map((name) => readAmount(row[name]));
  const count = step && rateStep && initialStep ? (readNumber(row['riskLevelLimit']) ?? 1) : 1;
  if (!Number.isInteger(count) || count < 1 || count > MAX_LEVELS) return null;
  const endOf = (level: number) => exact(first).plus(exact(step ?? '0').times(level));
  const tiers = Array.from({ length: count }, (_, level): Tier => {
    const margin = exact(initial).plus(exact(initialStep ?? '0').times(level));
    return {
      floor: level === 0 ? '0' : endOf(level - 1).toFixed(),
      rate: exact(rate)
        .plus(exact(rateStep ?? '0').times(level))
        .toFixed(),
      maxLeverage: exact(1).div(margin).toFixed(2),
    };
  });
  return { maintenance: { kind: 'tiers', tiers, charge: 'whole', by: 'contracts' }, most: endOf(count - 1).toFixed() };
}
