import { z } from 'zod';
import { alertRule, calculatorSettings, instrumentIdText, preferenceFields, signalParams, venueSettings, watchlist } from './settings.ts';
import { MOST_SETUP_CHARS } from './setup-file.ts';
import { workspace } from './workspace.ts';

/** Lists, layout, alerts and settings as one file of versioned blocks. */

/** Of this version's blocks, what each holds. Passwords and proxies are in none: they belong to the machine. */
export const SETUP_BLOCKS = {
  /** 2: lists have headings. */
  lists: { version: 2, title: 'Watchlists', value: z.array(watchlist).min(1).max(50) },
  thresholds: {
    version: 1,
    title: 'Thresholds',
    value: z.strictObject({ all: signalParams, own: z.record(instrumentIdText, signalParams.partial()) }),
  },
  /** 2: rules say when they tell. */
  alerts: { version: 2, title: 'Alerts', value: z.array(alertRule).max(100) },
  /** 2: with the places of panels, and named layouts. */
  layout: { version: 2, title: 'Layout of this window', value: workspace },
  /** 2: with quiet hours and cooldowns of alerts. */
  screen: {
    version: 2,
    title: 'Look of the screen',
    value: z.strictObject({
      unit: preferenceFields.unit,
      zone: preferenceFields.zone,
      theme: preferenceFields.theme,
      colours: preferenceFields.colours.optional(),
      density: preferenceFields.density,
      numberFormat: preferenceFields.numberFormat.optional(),
      notify: preferenceFields.notify,
      alertManners: preferenceFields.alertManners.optional(),
    }),
  },
  calculators: { version: 1, title: 'Constants of the calculators', value: calculatorSettings },
  venues: { version: 1, title: 'Venues', value: z.record(z.string().max(40), venueSettings.omit({ proxy: true })) },
} as const;
export type SetupBlock = keyof typeof SETUP_BLOCKS;
export const setupBlock = z.enum(Object.keys(SETUP_BLOCKS) as [SetupBlock, ...SetupBlock[]]);
export type SetupValue<N extends SetupBlock> = z.infer<(typeof SETUP_BLOCKS)[N]['value']>;

export const setupText = z.string().max(MOST_SETUP_CHARS);
export const setupFile = z.object({
  perpscope: z.literal('setup'),
  blocks: z.record(z.string().max(40), z.object({ version: z.int().min(1), value: z.unknown() })),
});
export type SetupFile = z.infer<typeof setupFile>;

/** A block of a file, looked at before anything is taken of it. */
export const lookedAt = z.object({
  name: z.string(),
  title: z.string(),
  /** What it would bring, or why it cannot be taken, as a sentence. */
  says: z.string(),
  usable: z.boolean(),
});
export type LookedAt = z.infer<typeof lookedAt>;

/** A file that the system handed over; `text` null: it cannot be used, and `wrong` says why. */
export const handedFile = z.object({ name: z.string(), text: z.string().nullable(), wrong: z.string().nullable() });
export type HandedFile = z.infer<typeof handedFile>;
