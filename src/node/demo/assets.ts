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
  /** Coins per contract unit where a venue sells it by the thousand; each venue spells that in its own way. */
  readonly multiplier: number;
  /** Which of the small coins that come and go it is; null: it is always listed. */
  readonly turn: number | null;
}

const asset =
  (group: AssetGroup) =>
  (name: string, price: number, dailyVol: number, openInterestM: number, multiplier = 1): DemoAsset => ({
    name,
    group,
    price,
    dailyVol,
    openInterestM,
    multiplier,
    turn: null,
  });

const major = asset('major');
const ai = asset('ai');
const alt = asset('alt');
const meme = asset('meme');

/** What is always listed; which venues list it, and how often it pays there, their folders say. */
export const ASSETS: readonly DemoAsset[] = [
  major('BTC', 104_000, 0.025, 21_000),
  major('ETH', 3_900, 0.034, 12_500),
  major('SOL', 182, 0.042, 5_200),
  major('XRP', 2.45, 0.041, 2_900),
  major('BNB', 920, 0.03, 1_300),
  major('DOGE', 0.198, 0.047, 1_700),
  ai('FET', 0.62, 0.055, 95),
  ai('TAO', 395, 0.056, 240),
  ai('RENDER', 3.4, 0.055, 80),
  ai('NEAR', 2.7, 0.05, 210),
  ai('WLD', 1.02, 0.062, 260),
  ai('GRT', 0.083, 0.052, 34),
  ai('VIRTUAL', 1.35, 0.078, 120),
  ai('AIXBT', 0.094, 0.08, 42),
  ai('KAITO', 1.14, 0.074, 55),
  ai('ARKM', 0.46, 0.07, 38),
  ai('IO', 0.52, 0.068, 29),
  alt('ADA', 0.71, 0.043, 820),
  alt('AVAX', 21.5, 0.047, 560),
  alt('LINK', 17.8, 0.045, 610),
  alt('LTC', 96, 0.038, 330),
  alt('SUI', 2.6, 0.053, 740),
  alt('AAVE', 228, 0.048, 290),
  alt('ARB', 0.34, 0.055, 170),
  alt('OP', 0.51, 0.056, 130),
  alt('INJ', 9.6, 0.058, 88),
  alt('ENA', 0.43, 0.066, 310),
  alt('HYPE', 41, 0.06, 1_450),
  meme('PEPE', 0.0000072, 0.062, 380, 1000),
  meme('SHIB', 0.0000098, 0.052, 150, 1000),
  meme('BONK', 0.0000145, 0.064, 110, 1000),
  meme('TRUMP', 7.6, 0.06, 190),
  meme('FARTCOIN', 0.38, 0.078, 230),
  // Virtuals' ecosystem beside VIRTUAL and AIXBT.
  ai('TIBBIR', 0.21, 0.08, 12),
  ai('VADER', 0.026, 0.08, 5),
];

/** Small coins that come and go, one in and one out about every 20 days (see listings.ts). */
export const PASSING: readonly string[] = (
  'MOODENG GOAT PNUT ACT NEIRO TURBO BOME MEW POPCAT ZEREBRO GRIFFAIN SWARMS CHILLGUY BRETT MYRO ' +
  'HIPPO BAN SPX MOTHER PONKE GIGA DEGEN COOKIE VINE ANIME LAYER SHELL PARTI BROCCOLI SIREN'
).split(' ');
