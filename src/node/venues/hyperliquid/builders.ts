import type { OrderRules, Venue, VenueIo, VenueParts } from '#core/venue.ts';
import { VenueError } from '#core/venue-error.ts';
import type { AssetClass } from '#domain/instrument.ts';
import { HOUR_MS, MINUTE_MS } from '#domain/time.ts';
import { buildPoll, type PollBuilder, perpetual, statedInterest } from '../common/poll.ts';
import { isSymbol, type KeptList, keptList, malformed, orNote, parseJson, readNumber, readText, type Row } from '../common/read.ts';
import { unlisted } from '../common/rules.ts';
import { snapshotOf, type Universe, universeIn } from './contexts.ts';
import { type DexFunding, parseClasses, parsePerpDexs, parseTokens } from './dexes.ts';
import { BUILDERS_FEES } from './fees.ts';
import { BUILDERS_FORMULA } from './formula.ts';
import { HYPERLIQUID } from './host.ts';
import { askInfo, BY_COIN } from './info.ts';
import { rulesIn } from './rules.ts';
import { BUILDERS_SERVICE } from './service.ts';

const ID = 'hyperliquid-hip3';
const NAME = 'Hyperliquid HIP-3';
/** The one with the most contracts and the most turnover. */
const PARTS: VenueParts = { name: 'Dexes', usual: ['xyz'], examples: ['xyz', 'para', 'mkts', 'io', 'hyna'] };

/** 'xyz' of 'xyz:NVDA'. */
const dexOf = (coin: string): string => coin.slice(0, coin.indexOf(':'));
const baseOf = (coin: string): string => coin.slice(coin.indexOf(':') + 1);

/**
 * Null: the exchange knows no dex of that name. Such a one is answered with null, and of late with status 500: then `lists`, whether the
 * list of dexes holds it, tells it from a fault.
 */
async function universeOf(io: VenueIo, dex: string, lists: (io: VenueIo, dex: string) => Promise<boolean>): Promise<Universe | null> {
  try {
    const body = parseJson(NAME, await askInfo(io, { type: 'metaAndAssetCtxs', dex }));
    return body === null ? null : universeIn(body);
  } catch (error) {
    if (!(error instanceof VenueError) || error.kind !== 'server' || (await lists(io, dex))) throw error;
    return null;
  }
}

interface Terms {
  /** What all of the dex settle in; null: the list of tokens does not hold it. */
  readonly settle: string | null;
  /** Null: what builders set was never read. */
  readonly funding: DexFunding | null;
  readonly classes: ReadonlyMap<string, AssetClass>;
}

function addUniverse(market: PollBuilder, dex: string, { assets }: Universe, { settle, funding, classes }: Terms, now: number): void {
  for (const { name, asset, context } of assets) {
    if (asset === null || !isSymbol(name)) market.refuse(name, 'an asset without a name');
    else if (dexOf(name) !== dex || baseOf(name) === '') market.refuse(name, `a name that is not of the dex ${dex}`);
    else if (asset['isDelisted'] === true) market.close(name);
    else if (settle === null) market.refuse(name, 'it settles in a token that the list of tokens does not name');
    else if (context === null) market.refuse(name, 'no context');
    else {
      const snapshot = snapshotOf(name, context, null, now);
      const identity = { venue: ID, symbol: name, base: baseOf(name), kPrefix: true, quote: 'USD', settle } as const;
      if (snapshot === null) market.refuse(name, 'no rate');
      else
        market.add(
          perpetual({ ...identity, assetClass: classes.get(name) ?? null }),
          { ...snapshot, ...statedInterest(funding?.interestPer8h(name) ?? null) },
          now,
        );
    }
  }
}

/** How many times the fees of the exchange's own perpetuals: the builder's share on top, a tenth of all in growth mode. */
function feesNote(asset: Row): string[] {
  const scale = readNumber(asset['deployerFeeScale']);
  if (scale === null || scale < 0) return ['What the builder of this dex takes of the fees is not stated.'];
  const times = (scale < 1 ? scale + 1 : 2 * scale) * (readText(asset['growthMode']) === 'enabled' ? 0.1 : 1);
  return [`Fees are ${Number(times.toPrecision(6))} times those of Hyperliquid's own perpetuals, the builder's share in them.`];
}

/** Perpetuals on the dexes of builders (HIP-3): those of the dexes that a person chose. */
export function createBuilders(): Venue {
  const dexes = keptList('perpDexs', 5 * MINUTE_MS, async (io) => parsePerpDexs(await askInfo(io, { type: 'perpDexs' })));
  const tokens = keptList('spotMeta', 5 * MINUTE_MS, async (io) => parseTokens(await askInfo(io, { type: 'spotMeta' })));
  const classes = keptList('perpConciseAnnotations', 5 * MINUTE_MS, async (io) =>
    parseClasses(await askInfo(io, { type: 'perpConciseAnnotations' })),
  );
  /** True also where the list cannot be read: a fault is a fault until it says otherwise. */
  const isListed = async (io: VenueIo, dex: string): Promise<boolean> => {
    const known = await dexes.refresh(io, 15 * MINUTE_MS, []);
    return !dexes.isCurrent || known?.has(dex) !== false;
  };
  const rules = new Map<string, KeptList<ReadonlyMap<string, OrderRules>>>();
  const settleOf = ({ meta }: Universe, names: ReadonlyMap<number, string>): string | null => {
    const token = readNumber(meta['collateralToken']);
    return token === null ? null : (names.get(token) ?? null);
  };

  /** The rates of each dex; null: there is no such dex. One that fails is left out, which becomes a note; all of them throw. */
  async function universes(io: VenueIo, chosen: readonly string[], notes: string[]): Promise<Map<string, Universe | null>> {
    const found = new Map<string, Universe | null>();
    let failure: unknown = null;
    for (const dex of chosen) {
      const answer = await orNote(`the dex ${dex}`, notes, async () => {
        try {
          return { universe: await universeOf(io, dex, isListed) };
        } catch (error) {
          failure ??= error;
          throw error;
        }
      });
      if (answer === null) continue;
      found.set(dex, answer.universe);
      if (answer.universe === null) notes.push(`there is no dex ${dex} now`);
    }
    if (found.size === 0) throw failure instanceof Error ? failure : malformed(NAME, 'no dex is chosen');
    if ([...found.values()].every((one) => one === null)) {
      const names = [...found.keys()].join(', ');
      throw new VenueError('malformed', `Hyperliquid has no dex named ${names} now. Choose others in Venues.`, `${NAME}: no dex ${names}`);
    }
    return found;
  }

  function rulesOf(dex: string): KeptList<ReadonlyMap<string, OrderRules>> {
    const list = rules.get(dex);
    if (list !== undefined) return list;
    const fresh = keptList(`meta of ${dex}`, 5 * MINUTE_MS, async (io) => {
      const universe = await universeOf(io, dex, isListed);
      if (universe === null) throw unlisted(NAME, `the dex ${dex}`);
      const money = settleOf(universe, await tokens.required(io, HOUR_MS)) ?? 'of what it settles in';
      return rulesIn(universe, { baseOf, money, notesOf: feesNote });
    });
    rules.set(dex, fresh);
    return fresh;
  }

  return {
    id: ID,
    name: NAME,
    url: 'https://api.hyperliquid.xyz',
    host: HYPERLIQUID,
    hue: 163,
    onByDefault: false,
    formula: BUILDERS_FORMULA,
    fees: BUILDERS_FEES,
    service: BUILDERS_SERVICE,
    kPrefix: true,
    parts: PARTS,
    async poll(io) {
      const notes: string[] = [];
      const found = await universes(io, io.parts ?? PARTS.usual, notes);
      const names = await tokens.required(io, HOUR_MS);
      const known = await dexes.refresh(io, 15 * MINUTE_MS, notes);
      const told = (await classes.refresh(io, HOUR_MS, notes)) ?? new Map<string, AssetClass>();
      const market = buildPoll(NAME, io.now, null);
      for (const [dex, universe] of found)
        if (universe !== null) {
          const terms = { settle: settleOf(universe, names), funding: known?.get(dex) ?? null, classes: told };
          addUniverse(market, dex, universe, terms, io.now);
        }
      // Dexes that were not asked, or did not answer: without their list nothing can be said of any other.
      const untold = known === null ? [{}] : [...known.keys()].filter((dex) => !found.has(dex)).map((dex) => ({ prefix: `${dex}:` }));
      return { ...market.build(notes), untold };
    },
    async orderRules(io, symbol) {
      const found = (await rulesOf(dexOf(symbol)).required(io, HOUR_MS)).get(symbol);
      if (found === undefined) throw unlisted(NAME, symbol);
      return found;
    },
    ...BY_COIN,
  };
}
