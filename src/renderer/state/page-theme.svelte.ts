import type { Settings } from '#bridge/settings.ts';
import { readTokens, type Tokens } from '../charts/tokens.ts';

/** The theme in force, and its colours as the canvases need them. */
export class PageTheme {
  tokens: Tokens;
  readonly #root: HTMLElement;

  /** `root`: of the page that the theme is put on. */
  constructor(root: HTMLElement) {
    this.#root = root;
    this.tokens = $state.raw(readTokens(root));
  }

  /** Puts theme and density on the page, then reads what they gave. */
  apply(settings: Pick<Settings, 'theme' | 'density'>): void {
    const root = this.#root;
    root.dataset['density'] = settings.density;
    if (root.dataset['theme'] === settings.theme) return;
    root.dataset['theme'] = settings.theme;
    this.tokens = readTokens(root);
  }
}
