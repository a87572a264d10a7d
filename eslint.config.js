import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const banned = [
  { selector: 'CatchClause[body.body.length=0]', message: 'An error is handled, told or passed on; never swallowed.' },
  { selector: "Property[key.name='webSecurity']", message: 'webSecurity is never set.' },
  { selector: "Property[key.name='allowRunningInsecureContent']", message: 'allowRunningInsecureContent is never set.' },
  { selector: "Property[key.name='experimentalFeatures']", message: 'experimentalFeatures is never set.' },
  { selector: "Property[key.name='enableBlinkFeatures']", message: 'enableBlinkFeatures is never set.' },
];
/** Each of these has one home; everywhere else its import is an error. */
const homes = {
  'src/main/ipc.ts': {
    paths: [{ name: 'electron', importNames: ['ipcMain'], message: 'src/main/ipc.ts alone imports ipcMain: it checks the sender.' }],
  },
  'src/renderer/charts/echarts.ts': {
    patterns: [
      {
        group: ['echarts', 'echarts/*'],
        allowTypeImports: true,
        message: 'src/renderer/charts/echarts.ts alone imports ECharts, by parts.',
      },
    ],
  },
};
const restricted = (besides) => ({
  paths: Object.entries(homes).flatMap(([home, ban]) => (home === besides ? [] : (ban.paths ?? []))),
  patterns: Object.entries(homes).flatMap(([home, ban]) => (home === besides ? [] : (ban.patterns ?? []))),
});

export default ts.config(
  { ignores: ['out/', 'dist/', 'node_modules/', './coverage/', 'test-results/', 'playwright-report/', 'test/**/bodies/'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '.*.cjs'] },
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      'no-restricted-syntax': ['error', ...banned],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser }, globals: globals.browser } },
  {
    files: ['**/*.svelte'],
    rules: {
      'svelte/no-at-html-tags': 'error',
      // The CSP forbids style attributes; `style:prop` directives set properties from script, which it allows.
      'no-restricted-syntax': [
        'error',
        ...banned,
        { selector: "SvelteAttribute[key.name='style']", message: 'Use style:prop: the CSP refuses a style attribute.' },
      ],
      // ESLint sees an imported component as `any`; svelte-check has its types and proves the same.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
    },
  },
  // Columns are read by an index that a loop bound proves; a check per value would only hide a wrong bound as NaN.
  {
    files: ['src/domain/**', 'test/unit/domain/**', 'test/bench/metrics/**', 'test/support/{bench,made-year}.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  // A panel may stand in another window than the one whose script runs it (docs/how-to-add-a-panel.md).
  {
    files: ['src/renderer/**/*.{ts,svelte}'],
    ignores: [
      'src/renderer/{app,transports}/**',
      'src/renderer/main.ts',
      'src/renderer/panels/open-window.ts',
      'src/renderer/state/tell-outside.ts',
      'src/renderer/ui/sound.ts',
    ],
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
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
        ].map((name) => ({
          name,
          message: 'A panel may stand in another window: go by its element (ownerDocument, a ResizeObserver, a container query).',
        })),
      ],
    },
  },
  // Big data is kept raw and replaced whole; a map that changes in place would be walked by the proxies.
  { files: ['**/*.svelte', '**/*.svelte.ts'], rules: { 'svelte/prefer-svelte-reactivity': 'off' } },
  { files: ['src/**/*.{ts,svelte}'], rules: { '@typescript-eslint/no-restricted-imports': ['error', restricted()] } },
  ...Object.keys(homes).map((home) => ({
    files: [home],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', restricted(home)] },
  })),
  {
    files: ['src/launch/**', 'test/**', 'build/**', '*.{js,ts}'],
    languageOptions: { globals: globals.node },
    rules: { 'no-console': 'off', 'no-restricted-syntax': ['error', banned[0]] },
  },
  { files: ['**/*.cjs'], languageOptions: { globals: globals.node } },
  { files: ['**/*.{js,mjs,cjs}'], ...ts.configs.disableTypeChecked },
);
