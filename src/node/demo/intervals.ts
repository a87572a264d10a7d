/** Hours by asset, from lists of assets by hours. */
export const hoursByAsset = (lists: readonly (readonly [hours: number, assets: string])[]): ReadonlyMap<string, number> =>
  new Map(lists.flatMap(([hours, assets]) => assets.split(' ').map((asset) => [asset, hours] as const)));

export const always = (hours: number) => (): number => hours;
