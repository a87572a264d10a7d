/** Components only: .oxlintrc.json has the rest, with types. svelte-check has the types of components. */
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const PANEL_WINDOW = 'A panel may stand in another window: go by its element (ownerDocument, a ResizeObserver, a container query).';
const pageGlobals = [
  'document',
  'window',
  'globalThis',
  'self',
  'innerWidth',
  'innerHeight',
  'matchMedia',
  'addEventListener',
  'getSelection',
  'navigator',
];

export default [
  { ignores: ['**/*.{ts,js,mjs,cjs}', '!eslint.config.js', 'out/', 'dist/', 'node_modules/', 'test-results/', 'playwright-report/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte'],
    languageOptions: { parserOptions: { parser: ts.parser }, globals: globals.browser },
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['echarts', 'echarts/*'],
              allowTypeImports: true,
              message: 'src/renderer/charts/echarts.ts alone imports ECharts, by parts.',
            },
          ],
        },
      ],
      'svelte/no-at-html-tags': 'error',
      'no-restricted-syntax': [
        'error',
        // The CSP forbids style attributes; `style:prop` directives set properties from script, which it allows.
        { selector: "SvelteAttribute[key.name='style']", message: 'Use style:prop: the CSP refuses a style attribute.' },
      ],
      // Big data is kept raw and replaced whole; a map that changes in place would be walked by the proxies.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  // A panel may stand in another window than the one whose script runs it (docs/how-to-add-a-panel.md).
  {
    files: ['src/renderer/**/*.svelte'],
    ignores: ['src/renderer/app/**'],
    rules: { 'no-restricted-globals': ['error', ...pageGlobals.map((name) => ({ name, message: PANEL_WINDOW }))] },
  },
];
