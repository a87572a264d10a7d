import type { Settings } from '#bridge/settings.ts';
import { type Notation, notationOf, type NotationSource } from '../format/notation.ts';

/** How this page writes numbers; all that shows one follows a change. */
export class PageNotation implements NotationSource {
  notation: Notation = $state.raw(notationOf('system'));

  apply({ numberFormat }: Pick<Settings, 'numberFormat'>): void {
    this.notation = notationOf(numberFormat);
  }
}
