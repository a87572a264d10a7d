import type { Exchange } from '../exchange.ts';
import { FORMULA } from './formula.ts';

export const bitget: Exchange = { create: () => [], demo: [], ofFiles: { bitget: FORMULA } };
