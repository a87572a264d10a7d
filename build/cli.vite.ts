import { defineConfig } from 'electron-vite';
import { join } from 'node:path';
import { root } from './shipped.ts';

/** The command line alone, bundled as the main process is: the app's package holds none of it. */
export default defineConfig({
  main: {
    build: {
      outDir: join(root, 'out-cli'),
      rolldownOptions: { input: { cli: join(root, 'src/cli/index.ts') } },
    },
  },
});
