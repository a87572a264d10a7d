import { ASSET_CLASSES, type AssetClass, type Instrument } from './instrument.ts';

type Named = Pick<Instrument, 'asset' | 'assetClass'>;

/** What tells a share from a coin of the same ticker. A contract on what is not listed yet is of any class: it says when, not what. */
const classOf = ({ assetClass }: Named): AssetClass | null => (assetClass === 'pre-market' ? null : assetClass);

/** Whether both may be on one thing: the same ticker, and no other class where both state one. Which it is where one states none, prices tell. */
export const mayBeOneAsset = (a: Named, b: Named): boolean => {
  const [one, other] = [classOf(a), classOf(b)];
  return a.asset === b.asset && (one === null || other === null || one === other);
};

/** Instruments that are compared as one asset. */
export interface JoinedAsset<I> {
  /** Another one for another asset, the same whatever else is listed of the ticker where a class is stated. */
  readonly key: string;
  /** The ticker; of two things under one ticker the second has its class behind it, "DASH (equity)". */
  readonly name: string;
  readonly members: readonly I[];
}

/**
 * Each instrument in one asset, in the order given: those of one ticker and class. Those that state no class are with the coins, else with
 * the first class of the ticker in the order of ASSET_CLASSES.
 */
export function joinedAssets<I extends Named>(instruments: Iterable<I>): JoinedAsset<I>[] {
  const byTicker = new Map<string, I[]>();
  for (const one of instruments) {
    const alike = byTicker.get(one.asset);
    if (alike) alike.push(one);
    else byTicker.set(one.asset, [one]);
  }
  return [...byTicker].flatMap(([asset, alike]) => parted(asset, alike));
}

function parted<I extends Named>(asset: string, alike: readonly I[]): JoinedAsset<I>[] {
  const stated = new Set(alike.map(classOf));
  const classes = ASSET_CLASSES.filter((one) => stated.has(one));
  const [first = null] = classes;
  if (classes.length < 2) return [{ key: `${asset} ${first ?? ''}`, name: asset, members: alike }];
  return classes.map((one) => ({
    key: `${asset} ${one}`,
    name: one === first ? asset : `${asset} (${one})`,
    members: alike.filter((instrument) => (classOf(instrument) ?? first) === one),
  }));
}

/** The ticker in a name of `joinedAssets`. */
export const tickerOf = (name: string): string => name.replace(/ \([a-z]+\)$/u, '');

/** All that are compared with the instrument, itself among them where it is one of the known. */
export const peersOf = <I extends Named & Pick<Instrument, 'id'>>(subject: I, known: readonly I[]): readonly I[] =>
  joinedAssets(known.filter(({ asset }) => asset === subject.asset)).find(({ members }) => members.some(({ id }) => id === subject.id))
    ?.members ?? [];
