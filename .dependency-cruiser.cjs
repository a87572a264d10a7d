/**
 * The layers as a table: what each folder of src may import. Read by `npm run arch`
 * and by test/arch, which plants a break of every rule and expects it caught.
 */
const layers = {
  domain: { layers: [], packages: ['decimal.js', 'pure-rand'] },
  bridge: { layers: ['domain'], packages: ['zod'] },
  core: { layers: ['domain', 'bridge'], packages: ['@leeoniya/ufuzzy'] },
  node: { layers: ['domain', 'bridge', 'core'], packages: null, nodeBuiltins: true },
  main: { layers: ['domain', 'bridge', 'core', 'node'], packages: ['electron', 'electron-store'], nodeBuiltins: true },
  web: { layers: ['domain', 'bridge', 'core', 'node'], packages: ['hono', '@hono/node-server', 'conf', 'devalue'], nodeBuiltins: true },
  cli: { layers: ['domain', 'bridge', 'core', 'node'], packages: ['zod', 'csv-parse'], nodeBuiltins: true },
  launch: { layers: ['node', 'web'], files: ['^src/domain/shown-text\\.ts$'], packages: null, nodeBuiltins: true },
  preload: { layers: [], files: ['^src/bridge/names\\.ts$'], packages: ['electron'] },
  renderer: {
    layers: ['domain', 'bridge'],
    packages: [
      'svelte',
      'echarts',
      'dockview',
      'zod',
      'devalue',
      '@lucide/svelte',
      '@fontsource-variable/inter',
      '@fontsource-variable/jetbrains-mono',
    ],
  },
};

const packagePath = (name) => `^node_modules/${name.replace(/[/@.-]/gu, '\\$&')}/`;

const rules = Object.entries(layers).flatMap(([layer, may]) => {
  const from = { path: `^src/${layer}/` };
  const allowed = [`^src/${layer}/`, ...may.layers.map((l) => `^src/${l}/`), ...(may.files ?? [])];
  const out = [{ name: `${layer}-layers`, severity: 'error', from, to: { path: '^src/', pathNot: allowed } }];
  if (may.packages !== null) {
    out.push({
      name: `${layer}-packages`,
      severity: 'error',
      from,
      to: { path: '^node_modules/', pathNot: may.packages.map(packagePath) },
    });
  }
  if (may.nodeBuiltins !== true) {
    out.push({ name: `${layer}-no-node`, severity: 'error', from, to: { dependencyTypes: ['core'] } });
  }
  return out;
});

/** Rooms of the core: what each may know of the others. What lies in `src/core` itself is the corridor: seams that several rooms share, and the composition. */
const rooms = {
  collect: { mayNot: ['read', 'decide'], why: 'Collecting runs without a screen: a watch set in, the store out.' },
  read: { mayNot: ['collect', 'decide'], why: 'Reading asks the store and what is observed now, and knows no venue.' },
  decide: { mayNot: ['collect'], why: 'Planning asks venues through what it is given.' },
};
const composition = '^src/core/(app|handlers|following|screen|hub)\\.ts$';
const roomRules = Object.entries(rooms).map(([room, { mayNot, why }]) => ({
  name: `core-${room}`,
  comment: why,
  severity: 'error',
  from: { path: `^src/core/${room}/` },
  to: { path: [...mayNot.map((other) => `^src/core/${other}/`), composition] },
}));

module.exports = {
  forbidden: [
    ...rules,
    ...roomRules,
    {
      name: 'electron-values-in-main-only',
      comment: 'Importing electron (or electron-store, which does) outside Electron starts a download.',
      severity: 'error',
      from: { path: '^(src|test|build)/', pathNot: '^src/(main|preload)/' },
      to: { path: '^node_modules/(electron|electron-store)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolved', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
    { name: 'src-does-not-import-tests', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '[.](css|svg|png|woff2)|^out/|^dist/' },
    tsPreCompilationDeps: true,
    moduleSystems: ['es6', 'cjs'],
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'svelte', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.svelte', '.json', '.d.ts'],
    },
  },
};
