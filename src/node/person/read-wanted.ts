import { existsSync } from 'node:fs';
import { z } from 'zod';
import { instrumentIdText, personFields } from '#bridge/settings.ts';
import type { Fact, WatchRequest } from '#core/ports/person.ts';
import type { DataPaths } from '../data-dir.ts';
import { connectReadonly } from '../history/connection.ts';
import { codeOf, HistoryError } from '../history/errors.ts';
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
 * Reads the person's file, or what an older version kept in settings.json and in the history where no terminal of this one was opened
 * on the folder yet; writes nothing. Throws where the person's file is there and cannot be read.
 */
export function readWanted({ person, dir, database }: Pick<DataPaths, 'person' | 'dir' | 'database'>): Wanted {
  if (!existsSync(person)) {
    const { lists, rules } = ofSettings(dir);
    return { ...wantedOf([...rules, ...positionsIn(database)], null), lists };
  }
  const readable = readableAt(person);
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

function ofSettings(dataDir: string): { lists: Wanted['lists']; rules: readonly Fact[] } {
  const read = readSettingsFile(settingsPath(dataDir));
  const data = read.kind === 'whole' ? read.data : {};
  const lists = personFields.lists.safeParse(data['lists']);
  const rules = z.array(z.unknown()).safeParse(data['alerts']);
  return {
    lists: lists.success ? lists.data : [],
    rules: (rules.data ?? []).map((one) => ({ kind: 'rule', id: '', body: JSON.stringify(one) })),
  };
}

/** Scenarios that an older version kept in the history. Why it cannot be read is told where it is opened. */
function positionsIn(history: string): Fact[] {
  if (!existsSync(history)) return [];
  try {
    const readable = readableAt(history);
    try {
      const db = connectReadonly(readable.path);
      try {
        const isThere = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'scenarios'").get() !== undefined;
        const bodies = isThere ? db.prepare<[], string>('SELECT body FROM scenarios').pluck().all() : [];
        return bodies.map((body) => ({ kind: SCENARIO, id: '', body }));
      } finally {
        db.close();
      }
    } finally {
      readable.release();
    }
  } catch (error) {
    if (codeOf(error) === '' && !(error instanceof HistoryError)) throw error;
    return [];
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
