import { tiersOf } from '#node/demo/books.ts';
import type { Contract } from '#node/demo/contracts.ts';
import { priceDecimals, trimmed, type Model, type WireAnswer } from '#node/demo/wire.ts';
import { badParameter, ended, faceOf, familyOf, good, lotDecimals, lots, moneyInContracts, noInstrument } from './words.ts';

const DAY = 86_400_000;

function instrumentRow(contract: Contract, price: number, expTime: string): object {
  const inverse = contract.contract === 'inverse';
  const decimals = lotDecimals(contract);
  const lot = (10 ** -decimals).toFixed(decimals);
  const digits = priceDecimals(price);
  const market = lots(contract, Number(moneyInContracts(contract, 10_000_000).toPrecision(1)));
  return {
    alias: '',
    auctionEndTime: '',
    baseCcy: '',
    category: '1',
    contTdSwTime: '',
    ctMult: '1',
    ctType: inverse ? 'inverse' : 'linear',
    ctVal: trimmed(faceOf(contract), 8),
    ctValCcy: inverse ? contract.quote : contract.base,
    expTime,
    futureSettlement: false,
    instCategory: '1',
    instFamily: familyOf(contract),
    instId: contract.symbol,
    instType: 'SWAP',
    lever: String(tiersOf(contract)[0]?.maxLeverage ?? 50),
    listTime: String(contract.listedAt),
    lotSz: lot,
    maxIcebergSz: '100000000.0000000000000000',
    maxLmtAmt: '20000000',
    maxLmtSz: '100000000',
    maxMktAmt: '',
    maxMktSz: market,
    maxPlatOILmt: '',
    maxStopSz: market,
    maxTriggerSz: '100000000.0000000000000000',
    maxTwapSz: '100000000.0000000000000000',
    minSz: lot,
    openType: '',
    optType: '',
    posLmtAmt: '',
    posLmtPct: '',
    preMktSwTime: '',
    quoteCcy: '',
    ruleType: 'normal',
    settleCcy: contract.settle,
    state: 'live',
    stk: '',
    tickSz: (10 ** -digits).toFixed(digits),
    tradeQuoteCcyList: [],
    uly: familyOf(contract),
  };
}

/** GET /api/v5/public/instruments: what trades; a swap has an `expTime` from ten days before it is delisted. */
export function instruments({ contracts, process }: Model, query: URLSearchParams, now: number): WireAnswer {
  if (query.get('instType') !== 'SWAP') return badParameter('instType');
  const shown = contracts.of('okx', now).filter((contract) => !ended(contract, now));
  return good(
    shown.map((contract) => {
      const isAnnounced = contract.delistedAt - now < 10 * DAY;
      return instrumentRow(contract, process.index(contract, now), isAnnounced ? String(contract.delistedAt) : '');
    }),
  );
}

/** GET /api/v5/public/position-tiers of one family: contracts of a position, maintenance half the initial margin. */
export function positionTiers({ contracts }: Model, query: URLSearchParams, now: number): WireAnswer {
  if (query.get('instType') !== 'SWAP') return badParameter('instType');
  if (!['cross', 'isolated'].includes(query.get('tdMode') ?? '')) return badParameter('tdMode');
  const family = query.get('instFamily') ?? '';
  const contract = contracts.find('okx', `${family}-SWAP`, now);
  if (contract === null || ended(contract, now)) return noInstrument();
  const tiers = tiersOf(contract);
  const edges = tiers.map(({ from }, i) => Math.max(i, Math.round(moneyInContracts(contract, from))));
  const end = Math.round(moneyInContracts(contract, 5 * (tiers.at(-1)?.from ?? 0)));
  return good(
    tiers.map(({ maxLeverage }, i) => ({
      baseMaxLoan: '',
      imr: trimmed(1 / maxLeverage, 8),
      instFamily: family,
      instId: '',
      maxLever: String(maxLeverage),
      maxSz: String(edges[i + 1] ?? end),
      minSz: String(edges[i] ?? 0),
      mmr: trimmed(1 / (2 * maxLeverage), 8),
      optMgnFactor: '0',
      quoteMaxLoan: '',
      tier: String(i + 1),
      uly: family,
    })),
  );
}
