import { decimal, whole } from './params.ts';

/** What the score and its kin share: their parameters and the scaling of the risk-free rate. */

export const RF_PARAM = decimal('Risk-free rate per 8 h.', { default: 0.00001, min: -0.01, max: 0.01, unit: 'per 8 h' });
export const WINDOW_PARAM = whole('Closed intervals in the deviation.', {
  default: 30,
  min: 2,
  max: 2160,
  unit: 'intervals',
  usual: [30, 90],
});
export const FLOOR_PARAM = decimal('Least deviation to divide by.', { default: 1e-6, min: 1e-12, max: 1 });

/** Per interval of `intervalH` hours. */
export const riskFree = (rfPer8h: number, intervalH: number): number => (rfPer8h * intervalH) / 8;
