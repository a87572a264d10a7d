import { z } from 'zod';
import { demandOf } from '#bridge/input-words.ts';

/** What a file holds under each name; unknown before it is checked. */
export type Fields = Readonly<Record<string, unknown>>;

type Schemas<T> = { readonly [K in keyof T]: z.ZodType<T[K]> };

/**
 * Every field on its own: a bad one becomes its default, a bad part of an object, list or record is left out, the rest stays.
 * `kind` names such a field to the person; `faults` holds a sentence per field that had to be put right, `atDefault` the fields of
 * which the file says nothing that can be used.
 */
export function checkEach<T extends object>(
  schemas: Schemas<T>,
  data: Fields,
  defaults: NoInfer<T>,
  kind: string,
): { readonly values: T; readonly faults: readonly string[]; readonly atDefault: ReadonlySet<string> } {
  const faults: string[] = [];
  const atDefault = new Set<string>();
  const checked = Object.entries<z.ZodType>(schemas).map(([name, schema]): [string, unknown] => {
    const fallback = defaults[name as keyof T];
    if (!Object.hasOwn(data, name)) {
      atDefault.add(name);
      return [name, fallback];
    }
    const whole = schema.safeParse(data[name]);
    if (whole.success) return [name, whole.data];
    const why = problemOf(whole.error);
    const salvaged = schema.safeParse(salvage(schema, data[name], fallback));
    faults.push(
      salvaged.success
        ? `The ${kind} "${name}" had entries that cannot be used (${why}); they were left out.`
        : `The ${kind} "${name}" cannot be used (${why}); it is back at its default.`,
    );
    if (!salvaged.success) atDefault.add(name);
    return [name, salvaged.success ? salvaged.data : fallback];
  });
  // Each entry went through its own schema, and the schemas name exactly the keys.
  return { values: Object.fromEntries(checked) as T, faults, atDefault };
}

function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'it has the wrong form';
  const at = issue.path.length > 0 ? `at ${issue.path.map(String).join('.')}: ` : '';
  const demand = demandOf(issue).replace(/\.$/u, '');
  return `${at}${/^(?:must|is|holds|cannot) /u.test(demand) ? `it ${demand}` : demand}`;
}

/** What of a bad value can be kept: good fields of an object, good entries of a list or record, each looked into; undefined for nothing. */
function salvage(schema: z.ZodType, value: unknown, fallback: unknown): unknown {
  const whole = schema.safeParse(value);
  if (whole.success) return whole.data;
  if (schema instanceof z.ZodArray && Array.isArray(value)) {
    const element = schema.element as z.ZodType;
    return value.map((entry) => salvage(element, entry, undefined)).filter((entry) => element.safeParse(entry).success);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  if (schema instanceof z.ZodRecord) {
    const entries = Object.entries(fields).map(([key, entry]) => [key, salvage(schema.valueType as z.ZodType, entry, undefined)] as const);
    return Object.fromEntries(entries.filter(([key, entry]) => schema.safeParse({ [key]: entry }).success));
  }
  if (schema instanceof z.ZodObject) {
    const spare = (fallback ?? {}) as Readonly<Record<string, unknown>>;
    const kept = Object.entries<z.ZodType>(schema.shape)
      .map(([key, field]) => [key, salvage(field, fields[key], spare[key]) ?? spare[key]] as const)
      .filter(([, entry]) => entry !== undefined);
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  }
  return undefined;
}
