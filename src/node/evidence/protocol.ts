import type { ErrorCode } from '#bridge/contract.ts';
import type { DecilesReport } from '#bridge/deciles.ts';
import type { DecilesJob, StudyJob, StudyResult } from '#core/ports/studies.ts';
import type { DatabaseKind } from '../history/schema.ts';
import type { Shared } from '../postgres/open-readonly.ts';

/** Where the history is: a file, or a desk's database. */
export type StudyHistory = { readonly file: string; readonly kind: DatabaseKind } | Shared;

export interface StudyStart {
  readonly history: StudyHistory;
  readonly work: { readonly kind: 'study'; readonly job: StudyJob } | { readonly kind: 'deciles'; readonly job: DecilesJob };
}

export interface StudyFailure {
  readonly code: ErrorCode;
  readonly message: string;
}

export type StudyMessage =
  | { readonly type: 'progress'; readonly share: number; readonly doing: string }
  | { readonly type: 'answer'; readonly result: StudyResult }
  | { readonly type: 'deciles'; readonly report: DecilesReport }
  | { readonly type: 'failed'; readonly failure: StudyFailure };
