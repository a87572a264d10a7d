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
  apply({ theme, colours, density }: Pick<Settings, 'theme' | 'colours' | 'density'>): void {
    const root = this.#root;
    root.dataset['density'] = density;
    if (root.dataset['theme'] === theme && root.dataset['colours'] === colours) return;
    root.dataset['theme'] = theme;
    root.dataset['colours'] = colours;
    this.tokens = readTokens(root);
  }
}
