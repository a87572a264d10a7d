import { z } from 'zod';
import { settingsFields, type Settings } from '#bridge/settings.ts';

export interface CheckedFields {
  readonly settings: Settings;
  /** One sentence per field that had to be put right. */
  readonly faults: readonly string[];
}

/** Every field on its own: a bad one becomes its default, a bad entry of a list or record is left out, the rest stays. */
export function checkFields(data: Readonly<Record<string, unknown>>, defaults: Settings): CheckedFields {
  const faults: string[] = [];
  const checked = Object.entries(settingsFields).map(([name, schema]) => {
    const fallback = defaults[name as keyof Settings];
    if (!Object.hasOwn(data, name)) return [name, fallback];
    const whole = schema.safeParse(data[name]);
    if (whole.success) return [name, whole.data];
    const why = problemOf(whole.error);
    const salvaged = schema.safeParse(withoutBadEntries(schema, data[name]));
    faults.push(
      salvaged.success
        ? `The setting "${name}" had entries that cannot be used (${why}); they were left out.`
        : `The setting "${name}" cannot be used (${why}); it is back at its default.`,
    );
    return [name, salvaged.success ? salvaged.data : fallback];
  });
  // Each entry went through its own schema, and settingsFields names exactly the keys of Settings.
  return { settings: Object.fromEntries(checked) as Settings, faults };
}

function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'it has the wrong form';
  const at = issue.path.length > 0 ? `at ${issue.path.map(String).join('.')}: ` : '';
  return `${at}${issue.message}`;
}

/** undefined where the value is no list or record: then nothing of it can be kept. */
function withoutBadEntries(schema: z.ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    const element = schema.element as z.ZodType;
    return value.filter((entry) => element.safeParse(entry).success);
  }
  if (schema instanceof z.ZodRecord && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(
      Object.entries(value as Record<string, unknown>).filter(([key, entry]) => schema.safeParse({ [key]: entry }).success),
    );
  }
  return undefined;
}
