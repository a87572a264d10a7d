import { ONE, type Exact } from './exact.ts';

export type Side = 'long' | 'short';
export type Contract = 'linear' | 'inverse';
export type MarginMode = 'isolated' | 'cross';

export const signOf = (side: Side): Exact => (side === 'long' ? ONE : ONE.neg());

/** Who pays, in the words of every place that shows funding; `paid` above 0 is a payment. */
export type Direction = 'you pay' | 'you receive' | 'nothing is paid';

export const directionOf = (paid: Exact): Direction => (paid.gt(0) ? 'you pay' : paid.lt(0) ? 'you receive' : 'nothing is paid');
