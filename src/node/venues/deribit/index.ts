import type { Exchange } from '../exchange.ts';
import { FORMULA } from './formula.ts';

export const deribit: Exchange = { create: () => [], demo: [], ofFiles: { deribit: FORMULA } };
