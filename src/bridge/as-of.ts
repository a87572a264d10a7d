import { z } from 'zod';

const time = z.number().min(0);

/**
 * A moment of the past (UTC epoch ms). The bare time: as recorded, what this machine knew and showed then. With `venueTime`: all that
 * is known today of times up to it, whenever it was learnt.
 */
export const moment = z.union([time, z.strictObject({ venueTime: time })]);
export type Moment = z.infer<typeof moment>;

/** As recorded at a time. Null, or left out: now. */
export const recordedAsOf = time.nullable().optional();

/** The moment as of which is asked. Null, or left out: now. */
export const asOf = moment.nullable().optional();
