import { z } from 'zod';

/** What the signed notice of the newest version says, as far as a person is told. */
export const updateNews = z.object({
  version: z.string(),
  changes: z.array(z.string()),
  link: z.string(),
  newer: z.boolean(),
  /** This kind of package can be replaced when the app ends. */
  installable: z.boolean(),
});
export type UpdateNews = z.infer<typeof updateNews>;
