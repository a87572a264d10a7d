import base from '../../playwright.config.ts';

/** `npm run docs:pictures`: the pictures of the README and of the guide, taken of the built app on the demo market. */
export default { ...base, testDir: import.meta.dirname, testMatch: 'guide.ts', globalSetup: '../web/built.ts' };
