/** `npm run package`: packs the built app into dist/ (a folder; installers, fuses and signing come with the release work). */
import { build } from 'electron-builder';
import { config } from './config.ts';

await build({ config, dir: true, publish: 'never' });
