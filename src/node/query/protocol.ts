import type { QueryAnswer, QueryTable } from '#bridge/query.ts';

/** What a query process is told, once. */
export interface QueryOrder {
  /** The history's file; it must be there. */
  readonly history: string;
  /** The person's file; null where there is none. */
  readonly person: string | null;
  /** Null: what can be asked about. */
  readonly sql: string | null;
}

/** What it says, once, before it ends. */
export type QueryReport =
  | { readonly kind: 'answer'; readonly answer: QueryAnswer }
  | { readonly kind: 'schema'; readonly tables: QueryTable[] }
  | { readonly kind: 'refused'; readonly why: string };

/** A process that a shell has started for one question: a child of Node, or a utility process of Electron. */
export interface QueryProcess {
  tell(order: QueryOrder): void;
  /** `report` null: it ended without a word. Called once. */
  onEnd(listener: (report: QueryReport | null) => void): void;
  /** Ends it whatever it is doing; its `onEnd` follows. */
  kill(): void;
}

/** Starts `query.child.ts`, bundled or not. */
export type StartQueryProcess = () => Promise<QueryProcess>;
