import type { Exchange } from '../exchange.ts';
import { FORMULA } from './formula.ts';

export const gate: Exchange = { create: () => [], demo: [], ofFiles: { gate: FORMULA } };
