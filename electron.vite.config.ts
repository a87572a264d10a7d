import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rolldownOptions: { input: { index: 'src/main/index.ts', web: 'src/web/index.ts' } },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // The sandbox loads one CommonJS file and resolves nothing.
      externalizeDeps: false,
      rolldownOptions: { input: { index: 'src/preload/index.ts' }, output: { format: 'cjs', entryFileNames: '[name].cjs' } },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [svelte()],
    build: {
      outDir: 'out/renderer',
      minify: true,
      // The CSP allows fonts and images as files of our own only.
      assetsInlineLimit: 0,
      rolldownOptions: { input: { index: 'src/renderer/index.html', popout: 'src/renderer/popout.html' } },
    },
  },
});
