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
  { ignores: ['out/', 'dist/', 'node_modules/', 'coverage/', 'test-results/', 'playwright-report/', 'test/**/bodies/'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js'] },
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
    rules: { 'svelte/no-at-html-tags': 'error', 'svelte/no-inline-styles': ['error', { allowTransitions: true }] },
  },
  // Columns are read by an index that a loop bound proves; a check per value would only hide a wrong bound as NaN.
  { files: ['src/domain/**', 'test/unit/domain/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['src/**/*.{ts,svelte}'], rules: { '@typescript-eslint/no-restricted-imports': ['error', restricted()] } },
  ...Object.keys(homes).map((home) => ({
    files: [home],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', restricted(home)] },
  })),
  {
    files: ['src/launch/**', 'test/**', 'build/**', '*.{js,ts}'],
    languageOptions: { globals: globals.node },
    rules: { 'no-console': 'off' },
  },
  { files: ['**/*.{js,mjs}'], ...ts.configs.disableTypeChecked },
);
