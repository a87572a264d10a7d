import type { PositionView } from '#bridge/scenario.ts';
import type { Contract } from '#domain/decisions/side.ts';
import type { Problem } from '#domain/decisions/reader.ts';
import type { AnswerTable } from './answer-table.ts';
import type { Basis } from './basis.ts';
import type { FieldGroup, LiveMap, Texts, Typed } from './fields.ts';
import type { FigureGroup, Shown } from './figures.ts';

export interface SingleAnswer {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly groups: readonly FigureGroup[];
  readonly before: string;
  readonly shown: Shown;
  /** One line; '' where something is wrong. */
  readonly verdict: string;
  readonly table: AnswerTable | null;
}

/** A calculator of one instrument as its panel shows it: fields in, figures and a table out. */
export interface SingleCalculator {
  /** "Profit and return". */
  readonly name: string;
  /** The field that the cursor comes to. */
  readonly focus: string;
  readonly groups: readonly FieldGroup[];
  /** What stands where the table will. */
  readonly tableName: string;
  readonly live: (basis: Basis, typed: Typed, positions: readonly PositionView[]) => LiveMap;
  readonly isHidden: (key: string, text: Texts, contract: Contract) => boolean;
  readonly answer: (basis: Basis, typed: Typed, live: LiveMap) => SingleAnswer;
}
