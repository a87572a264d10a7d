/** A list that a new user gets: assets only, the venues decide which instruments exist. */
export interface Preset {
  readonly id: string;
  readonly name: string;
  readonly assets: readonly string[];
}

export const PRESETS: readonly Preset[] = [
  { id: 'majors', name: 'Majors', assets: ['BTC', 'ETH', 'SOL', 'XRP', 'BNB', 'DOGE'] },
  {
    id: 'ai',
    name: 'AI tokens',
    assets: ['FET', 'TAO', 'RENDER', 'NEAR', 'WLD', 'GRT', 'VIRTUAL', 'AIXBT', 'KAITO', 'ARKM', 'IO'],
  },
  // Tickers that another coin shares (LUNA, GAME) are left out: the list must not show the wrong coin.
  { id: 'virtuals', name: 'Virtuals', assets: ['VIRTUAL', 'AIXBT', 'TIBBIR', 'VADER', 'SEKOIA'] },
];
