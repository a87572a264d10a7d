import type { AssetClass } from '#domain/instrument.ts';
import { asRow, isSymbol, listOf, parseJson, readName, readNumber } from '../common/read.ts';
import { NAME } from './info.ts';

/** Of a coin where its builder set none. */
const USUAL_INTEREST_PER_8H = 0.0001;
const USUAL_MULTIPLIER = 1;

/** What the builder of a dex set for the funding of its coins. */
export interface DexFunding {
  /**
   * Where the rate of a coin rests, per 8 h: its interest, times the multiplier that scales its whole rate
   * (https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/hip-3-deployer-actions). Null: one of the two cannot be read.
   */
  interestPer8h(coin: string): number | null;
}

/** [coin, decimal] pairs; null where a coin has one that is no number. A list that is absent sets nothing. */
function valuesOf(list: unknown, what: string): ReadonlyMap<unknown, number | null> {
  if (list === undefined || list === null) return new Map();
  return new Map(listOf(NAME, list, what).flatMap((pair) => (Array.isArray(pair) ? [[pair[0] as unknown, readNumber(pair[1])]] : [])));
}

/** Body of POST /info {type: perpDexs}: the dexes of builders by name. The first entry, null, is the exchange's own. */
export function parsePerpDexs(text: string): ReadonlyMap<string, DexFunding> {
  const dexes = new Map<string, DexFunding>();
  for (const item of listOf(NAME, parseJson(NAME, text), 'perpDexs')) {
    const row = asRow(item);
    const name = readName(row?.['name']);
    if (row === null || name === null) continue;
    const multipliers = valuesOf(row['assetToFundingMultiplier'], 'funding multipliers');
    const interests = valuesOf(row['assetToFundingInterestRate'], 'interest rates');
    dexes.set(name, {
      interestPer8h(coin) {
        const interest = interests.has(coin) ? interests.get(coin) : USUAL_INTEREST_PER_8H;
        const multiplier = multipliers.has(coin) ? multipliers.get(coin) : USUAL_MULTIPLIER;
        return typeof interest === 'number' && typeof multiplier === 'number' ? interest * multiplier : null;
      },
    });
  }
  return dexes;
}

/** Body of POST /info {type: spotMeta}: names of tokens by their `index`, which is not their place in the list. */
export function parseTokens(text: string): ReadonlyMap<number, string> {
  const tokens = listOf(NAME, asRow(parseJson(NAME, text))?.['tokens'], 'tokens');
  return new Map(
    tokens.flatMap((item) => {
      const row = asRow(item);
      const [index, name] = [readNumber(row?.['index']), readName(row?.['name'])];
      return index === null || name === null ? [] : [[index, name] as const];
    }),
  );
}

/** Builders spell freely, so what they write is taken in small letters. */
const CLASSES: ReadonlyMap<string, AssetClass> = new Map([
  ['crypto', 'crypto'],
  ['stock', 'equity'],
  ['stocks', 'equity'],
  ['equities', 'equity'],
  ['commodity', 'commodity'],
  ['commodities', 'commodity'],
  ['metals', 'commodity'],
  ['index', 'index'],
  ['indices', 'index'],
  ['fx', 'currency'],
  ['forex', 'currency'],
  ['currencies', 'currency'],
  ['preipo', 'pre-market'],
  ['pre-ipo', 'pre-market'],
]);

/** Body of POST /info {type: perpConciseAnnotations}: classes by coin; one of another word, or of none, is not told. */
export function parseClasses(text: string): ReadonlyMap<string, AssetClass> {
  const annotations = listOf(NAME, parseJson(NAME, text), 'annotations');
  return new Map(
    annotations.flatMap((item) => {
      const [coin, annotation] = Array.isArray(item) ? (item as unknown[]) : [];
      const category = asRow(annotation)?.['category'];
      const known = typeof category === 'string' ? CLASSES.get(category.toLowerCase()) : undefined;
      return isSymbol(coin) && known !== undefined ? [[coin, known] as const] : [];
    }),
  );
}
