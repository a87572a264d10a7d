import { listOf, parseJson, readIsoTime } from '../common/read.ts';

export const ID = 'backpack';
export const NAME = 'Backpack';

/** Answers are bare lists; what fails has another status. */
export const parseList = (text: string, what: string): readonly unknown[] => listOf(NAME, parseJson(NAME, text), what);

/** Epoch ms of 2025-07-22T00:00:00 and of 2025-07-19 13:09:00: neither names a zone, both are UTC. Null for what is none. */
export const readNaiveTime = (value: unknown): number | null => readIsoTime(typeof value === 'string' ? value.replace(' ', 'T') : value);
