/** A table that a calculator comes to, beside its single figures. */
export interface TableCell {
  readonly text: string;
  /** As it leaves the app: exact; null where there is no number. */
  readonly value: string | null;
  /** Quiet: no figure, or one that stands for the worst; 'now': where it stands already. */
  readonly tone?: 'quiet' | 'now';
  readonly title?: string;
}

export interface AnswerTable {
  readonly name: string;
  /** What a cell is counted in; '' where the columns say it. */
  readonly unit: string;
  readonly corner: string;
  readonly columns: readonly { readonly name: string; readonly unit?: string }[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly TableCell[] }[];
  /** Below it, in a sentence. */
  readonly note: string;
}
