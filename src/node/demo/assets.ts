export type AssetGroup = 'major' | 'ai' | 'alt' | 'meme';

export interface DemoAsset {
  readonly name: string;
  readonly group: AssetGroup;
  /** USD, around which the price walks. */
  readonly price: number;
  /** Sd of a day's log return. */
  readonly dailyVol: number;
  /** Open interest on all venues together, millions of USD. */
  readonly openInterestM: number;
  /** Funding interval in hours; 0 = the venue does not list it. */
  readonly binanceH: number;
  readonly bybitH: number;
  readonly hyperliquid: boolean;
  /** Coins per contract unit: 1000 is spelt 1000X, on Hyperliquid kX (and SHIB1000 on Bybit). */
  readonly multiplier: number;
}

const asset =
  (group: AssetGroup) =>
  (
    name: string,
    price: number,
    dailyVol: number,
    openInterestM: number,
    binanceH: number,
    bybitH: number,
    multiplier = 1,
    hyperliquid = true,
  ): DemoAsset => ({ name, group, price, dailyVol, openInterestM, binanceH, bybitH, hyperliquid, multiplier });

const major = asset('major');
const ai = asset('ai');
const alt = asset('alt');
const meme = asset('meme');

/** What is always listed. INJ (Bybit) and ARB (Binance) change their interval, see story.ts. */
export const ASSETS: readonly DemoAsset[] = [
  major('BTC', 104_000, 0.025, 21_000, 8, 8),
  major('ETH', 3_900, 0.034, 12_500, 8, 8),
  major('SOL', 182, 0.042, 5_200, 8, 8),
  major('XRP', 2.45, 0.041, 2_900, 8, 8),
  major('BNB', 920, 0.03, 1_300, 8, 8),
  major('DOGE', 0.198, 0.047, 1_700, 8, 8),
  ai('FET', 0.62, 0.055, 95, 4, 8),
  ai('TAO', 395, 0.056, 240, 4, 8),
  ai('RENDER', 3.4, 0.055, 80, 8, 8),
  ai('NEAR', 2.7, 0.05, 210, 8, 8),
  ai('WLD', 1.02, 0.062, 260, 4, 8),
  ai('GRT', 0.083, 0.052, 34, 8, 4),
  ai('VIRTUAL', 1.35, 0.078, 120, 4, 4),
  ai('AIXBT', 0.094, 0.08, 42, 4, 4),
  ai('KAITO', 1.14, 0.074, 55, 1, 4),
  ai('ARKM', 0.46, 0.07, 38, 4, 8),
  ai('IO', 0.52, 0.068, 29, 4, 2),
  alt('ADA', 0.71, 0.043, 820, 8, 8),
  alt('AVAX', 21.5, 0.047, 560, 8, 8),
  alt('LINK', 17.8, 0.045, 610, 8, 8),
  alt('LTC', 96, 0.038, 330, 8, 8),
  alt('SUI', 2.6, 0.053, 740, 8, 8),
  alt('AAVE', 228, 0.048, 290, 8, 8),
  alt('ARB', 0.34, 0.055, 170, 8, 8),
  alt('OP', 0.51, 0.056, 130, 8, 8),
  alt('INJ', 9.6, 0.058, 88, 8, 8),
  alt('ENA', 0.43, 0.066, 310, 4, 4),
  alt('HYPE', 41, 0.06, 1_450, 4, 1),
  meme('PEPE', 0.0000072, 0.062, 380, 8, 8, 1000),
  meme('SHIB', 0.0000098, 0.052, 150, 8, 8, 1000),
  meme('BONK', 0.0000145, 0.064, 110, 4, 8, 1000),
  meme('TRUMP', 7.6, 0.06, 190, 4, 4),
  meme('FARTCOIN', 0.38, 0.078, 230, 4, 1),
  // Virtuals' ecosystem beside VIRTUAL and AIXBT.
  ai('TIBBIR', 0.21, 0.08, 12, 4, 4),
  ai('VADER', 0.026, 0.08, 5, 0, 4, 1, false),
];

/** Small coins that come and go, one in and one out about every 20 days (see listings.ts). */
export const PASSING: readonly string[] = (
  'MOODENG GOAT PNUT ACT NEIRO TURBO BOME MEW POPCAT ZEREBRO GRIFFAIN SWARMS CHILLGUY BRETT MYRO ' +
  'HIPPO BAN SPX MOTHER PONKE GIGA DEGEN COOKIE VINE ANIME LAYER SHELL PARTI BROCCOLI SIREN'
).split(' ');
