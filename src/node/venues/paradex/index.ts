import type { Exchange } from '../exchange.ts';
import { FORMULA } from './formula.ts';

export const paradex: Exchange = { create: () => [], demo: [], ofFiles: { paradex: FORMULA } };
