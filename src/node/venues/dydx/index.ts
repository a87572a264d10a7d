import type { Exchange } from '../exchange.ts';
import { FORMULA } from './formula.ts';

export const dydx: Exchange = { create: () => [], demo: [], ofFiles: { dydx: FORMULA } };
