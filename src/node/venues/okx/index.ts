import type { Exchange } from '../exchange.ts';
import { FORMULA } from './formula.ts';

export const okx: Exchange = { create: () => [], demo: [], ofFiles: { okx: FORMULA } };
