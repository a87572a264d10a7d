import type { CalculatorSession } from './session.svelte.ts';
import { type FieldSpec, type Live, type LiveMap, named, type Option, unitOf, type UnitNames } from './fields.ts';
import { type Fees, type LegKind, tiersOf } from './constants.ts';

/** A calculator's fields as the rows of the screen use them. */
export interface CalculatorForm {
  readonly now: number;
  readonly text: (key: string) => string;
  readonly live: (key: string) => Live | null;
  readonly isTyped: (key: string) => boolean;
  readonly type: (key: string, text: string) => void;
  readonly reset: (key: string) => void;
  /** Remembers it where the field is one of the person's constants. */
  readonly keep: (field: FieldSpec) => void;
  readonly unit: (field: FieldSpec) => string;
  readonly options: (field: FieldSpec) => readonly Option[];
  /** Why nothing is known; null where nothing needs to be. */
  readonly missing: (key: string) => string | null;
}

export interface CalculatorFormParts {
  readonly session: CalculatorSession;
  readonly scope: string;
  readonly live: LiveMap;
  readonly now: number;
  readonly units: UnitNames;
  /** The venue whose fee tiers a field offers. */
  readonly venueOf: (field: FieldSpec) => { readonly id: string; readonly fees: Fees; readonly kind: LegKind };
  readonly missing: (key: string) => string | null;
}

export function formOf({ session, scope, live, now, units, venueOf, missing }: CalculatorFormParts): CalculatorForm {
  const typed = session.typedOf(scope);
  return {
    now,
    text: (key) => typed[key] ?? live[key]?.text ?? '',
    live: (key) => live[key] ?? null,
    isTyped: (key) => typed[key] !== undefined,
    type: (key, text) => session.type(scope, key, text),
    reset: (key) => session.reset(scope, key),
    keep: (field) => {
      // The person's equity is in quote money; one in coins is of this instrument.
      if (field.constant !== undefined && !(field.key === 'equity' && typed['equityIn'] === 'settle'))
        session.keep(scope, field.key, field.constant, venueOf(field).id);
    },
    unit: (field) => unitOf(field, units),
    options: (field) => {
      if (field.options) return field.options.map((option) => ({ ...option, text: named(option.text, units) }));
      const { fees, kind } = venueOf(field);
      return tiersOf(fees, kind).map(({ name }) => ({ value: name, text: name }));
    },
    missing,
  };
}
