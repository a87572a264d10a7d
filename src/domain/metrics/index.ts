import { annualisedPremium } from './catalog/annualised-premium.ts';
import { assetFunding } from './catalog/asset-funding.ts';
import { basketActive } from './catalog/basket-active.ts';
import { basketDivergence } from './catalog/basket-divergence.ts';
import { basketFundingRank } from './catalog/basket-funding-rank.ts';
import { basketFunding } from './catalog/basket-funding.ts';
import { bookImbalance } from './catalog/book-imbalance.ts';
import { censoring } from './catalog/censoring.ts';
import { costOnMargin } from './catalog/cost-on-margin.ts';
import { cumulativeFunding } from './catalog/cumulative-funding.ts';
import { dispersion } from './catalog/dispersion.ts';
import { divergencePerLeverage } from './catalog/divergence-per-leverage.ts';
import { settledDivergence } from './catalog/ema-divergence-settled.ts';
import { emaDivergence } from './catalog/ema-divergence.ts';
import { fastDivergence } from './catalog/ema-divergence-fast.ts';
import { forecastError } from './catalog/forecast-error.ts';
import { forecast } from './catalog/forecast.ts';
import { fundingMoney } from './catalog/funding-money.ts';
import { fundingRank } from './catalog/funding-rank.ts';
import { fundingScore } from './catalog/funding-score.ts';
import { fundingVolatility } from './catalog/funding-volatility.ts';
import { fundingZ } from './catalog/funding-z.ts';
import { funding } from './catalog/funding.ts';
import { halfLife } from './catalog/half-life.ts';
import { imbalance } from './catalog/imbalance.ts';
import { impliedDivergence } from './catalog/implied-divergence.ts';
import { indexDivergence } from './catalog/index-divergence.ts';
import { markDrift } from './catalog/mark-drift.ts';
import { meanFunding } from './catalog/mean-funding.ts';
import { neutral } from './catalog/neutral.ts';
import { openInterestChange } from './catalog/open-interest-change.ts';
import { openInterest } from './catalog/open-interest.ts';
import { premiumHalfLife } from './catalog/premium-half-life.ts';
import { premium } from './catalog/premium.ts';
import { priceChange } from './catalog/price-change.ts';
import { priceDivergence } from './catalog/price-divergence.ts';
import { regime } from './catalog/regime.ts';
import { runBeforeFlip } from './catalog/run-before-flip.ts';
import { sameSignRun } from './catalog/same-sign-run.ts';
import { score } from './catalog/score.ts';
import { settledRate } from './catalog/settled-rate.ts';
import { sharePositive } from './catalog/share-positive.ts';
import { signFlips } from './catalog/sign-flips.ts';
import { signal } from './catalog/signal.ts';
import { simpleRatio } from './catalog/simple-ratio.ts';
import { skew } from './catalog/skew.ts';
import { slippage } from './catalog/slippage.ts';
import { spike } from './catalog/spike.ts';
import { spreadZ } from './catalog/spread-z.ts';
import { spread } from './catalog/spread.ts';
import { stress } from './catalog/stress.ts';
import { theoreticalFunding } from './catalog/theoretical-rate.ts';
import { totalFunding } from './catalog/total-funding.ts';
import { unchangedRate } from './catalog/unchanged-rate.ts';
import type { FrameKind } from './frames/frames.ts';
import type { Metric } from './metric.ts';

/** Any metric, told apart by the frame it walks. */
export type AnyMetric = { [K in FrameKind]: Metric<K> }[FrameKind];

/** Every metric, in the order of the picker. One line registers a metric everywhere: screen, alerts, exports, docs. */
export const METRICS: readonly AnyMetric[] = [
  funding,
  emaDivergence,
  fastDivergence,
  settledDivergence,
  signal,
  score,
  fundingScore,
  fundingZ,
  simpleRatio,
  impliedDivergence,
  meanFunding,
  fundingVolatility,
  fundingRank,
  spike,
  signFlips,
  sameSignRun,
  runBeforeFlip,
  unchangedRate,
  sharePositive,
  halfLife,
  cumulativeFunding,
  totalFunding,
  settledRate,
  regime,
  premium,
  annualisedPremium,
  markDrift,
  priceDivergence,
  priceChange,
  premiumHalfLife,
  neutral,
  theoreticalFunding,
  imbalance,
  censoring,
  forecast,
  forecastError,
  spread,
  skew,
  dispersion,
  assetFunding,
  spreadZ,
  indexDivergence,
  bookImbalance,
  slippage,
  costOnMargin,
  divergencePerLeverage,
  fundingMoney,
  openInterest,
  openInterestChange,
  stress,
  basketActive,
  basketFunding,
  basketFundingRank,
  basketDivergence,
];

const BY_NAME: ReadonlyMap<string, AnyMetric> = new Map(METRICS.map((metric) => [metric.name, metric]));

/** Undefined where no metric has the name. */
export const findMetric = (name: string): AnyMetric | undefined => BY_NAME.get(name);
