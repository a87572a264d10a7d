import type { VenuePoll, Venue } from '#core/venue.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { buildPoll, keptPerpetuals, type ListedTerms, type Perpetuals } from '../common/poll.ts';
import { empty, isSymbol, keptList } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { parseUniverse, snapshotOf } from './contexts.ts';
import { FEES } from './fees.ts';
import { FORMULA } from './formula.ts';
import { HYPERLIQUID } from './host.ts';
import { askInfo, BY_COIN, NAME } from './info.ts';
import { rulesIn } from './rules.ts';
import { SERVICE } from './service.ts';

const ID = 'hyperliquid';
/** Fixed for all coins of this dex. */
const INTEREST_PER_8H = 0.0001;

/** All of this dex are on coins; what others trade (shares, metals) stands on dexes of builders. */
const TERMS: Omit<ListedTerms, 'base'> = {
  quote: 'USD',
  settle: 'USDC',
  contract: 'linear',
  contractSize: 1,
  assetClass: 'crypto',
  listedAt: null,
  delistedAt: null,
};
const namedPerpetuals = (): Perpetuals => keptPerpetuals(ID, { kPrefix: true });

/** Body of POST /info {type: metaAndAssetCtxs} of the exchange's own dex. */
export function parseMetaAndAssetCtxs(text: string, now: number, perpetualOf = namedPerpetuals()): VenuePoll {
  const { assets } = parseUniverse(text);
  if (assets.length === 0) throw empty(NAME, 'metaAndAssetCtxs has no asset');
  const market = buildPoll(NAME, now, null);
  for (const { name, asset, context } of assets) {
    if (asset === null || !isSymbol(name)) market.refuse(name, 'an asset without a name');
    else if (asset['isDelisted'] === true) market.close(name);
    else if (context === null) market.refuse(name, 'no context');
    else {
      const snapshot = snapshotOf(name, context, INTEREST_PER_8H, now);
      if (snapshot === null) market.refuse(name, 'no rate');
      else market.add(perpetualOf(name, { ...TERMS, base: name }), snapshot, now);
    }
  }
  return market.build([]);
}

export function createHyperliquid(): Venue {
  const perpetualOf = namedPerpetuals();
  const meta = keptList('meta', 5 * MINUTE_MS, async (io) => rulesIn(parseUniverse(await askInfo(io, { type: 'metaAndAssetCtxs' }))));
  return {
    id: ID,
    name: NAME,
    url: 'https://api.hyperliquid.xyz',
    host: HYPERLIQUID,
    hue: 175,
    onByDefault: true,
    formula: FORMULA,
    fees: FEES,
    service: SERVICE,
    kPrefix: true,
    async poll(io) {
      return parseMetaAndAssetCtxs(await askInfo(io, { type: 'metaAndAssetCtxs' }), io.now, perpetualOf);
    },
    async orderRules(io, symbol) {
      const rules = (await meta.required(io, HOUR_MS)).get(symbol);
      if (rules === undefined) throw unlisted(NAME, symbol);
      return rules;
    },
    ...BY_COIN,
  };
}
