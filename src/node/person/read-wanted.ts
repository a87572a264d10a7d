import { existsSync } from 'node:fs';
import { z } from 'zod';
import { instrumentIdText, personFields } from '#bridge/settings.ts';
import type { Fact, WatchRequest } from '#core/ports/person.ts';
import { connectReadonly } from '../history/connection.ts';
import { readableAt } from '../history/readable-copy.ts';
import { readSettingsFile, settingsPath } from '../settings-files.ts';
import { readFacts, readScenarios, SCENARIO } from './facts.ts';
import { readRequest } from './requests.ts';

/** What the person follows, as a collector beside their terminal reads it. */
export interface Wanted {
  readonly lists: readonly { readonly name: string; readonly items: readonly string[] }[];
  /** Of open positions, alerts on one instrument, and what a terminal beside the collector looks at. */
  readonly others: readonly string[];
  /** A terminal beside the collector looks at these. */
  readonly first: readonly string[];
  /** A terminal beside the collector has a calculator open on these. */
  readonly plan: readonly string[];
}

const items = z.array(z.unknown()).transform((all) => all.filter((one): one is string => instrumentIdText.safeParse(one).success));
const list = z.object({ name: z.string(), items });
const rule = z.object({ on: z.object({ instrument: instrumentIdText }), enabled: z.literal(true) });
const held = z.object({ position: z.object({ closedAt: z.null(), legs: z.array(z.object({ instrument: instrumentIdText })) }) });

/**
 * Reads the person's file, or settings.json where an older version has not been followed by this one yet; writes nothing. Throws
 * where the file is there and cannot be read.
 */
export function readWanted(personFile: string, dataDir: string): Wanted {
  if (!existsSync(personFile)) return ofSettings(dataDir);
  const readable = readableAt(personFile);
  try {
    const db = connectReadonly(readable.path);
    try {
      const facts = readFacts(db, ['list', 'rule'], null);
      const bodies = [
        ...facts.filter(({ kind }) => kind !== SCENARIO),
        ...readScenarios(db, null).map(({ id, body }) => ({ kind: SCENARIO, id, body })),
      ];
      return wantedOf(bodies, readRequest(db, Date.now()));
    } finally {
      db.close();
    }
  } finally {
    readable.release();
  }
}

function wantedOf(facts: readonly Fact[], request: WatchRequest | null): Wanted {
  const read = <T>(kind: string, schema: z.ZodType<T>): T[] =>
    facts.flatMap((one) => {
      if (one.kind !== kind) return [];
      const found = schema.safeParse(parsed(one.body ?? ''));
      return found.success ? [found.data] : [];
    });
  return {
    lists: read('list', list),
    others: [
      ...read('rule', rule).map(({ on }) => on.instrument),
      ...read(SCENARIO, held).flatMap(({ position }) => position.legs.map(({ instrument }) => instrument)),
      ...(request?.watch ?? []),
      ...(request?.plan ?? []),
    ],
    first: request?.first ?? [],
    plan: request?.plan ?? [],
  };
}

function ofSettings(dataDir: string): Wanted {
  const read = readSettingsFile(settingsPath(dataDir));
  const lists = personFields.lists.safeParse(read.kind === 'whole' ? read.data['lists'] : null);
  return { lists: lists.success ? lists.data : [], others: [], first: [], plan: [] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
